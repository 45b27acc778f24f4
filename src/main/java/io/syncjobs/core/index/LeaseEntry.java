package io.syncjobs.core.index;

import java.time.Duration;

/**
 * What a worker says of itself in its Lease.
 *
 * @param name the worker's: its pod's
 * @param incarnation the id that its agent has given itself at its start
 * @param renewed the renew time as written; it is compared for change only, never with a clock
 * @param message why it does not take jobs
 * @param deadAfter the time that the agent lives by: it stops itself when it cannot renew for two thirds of it
 * @param seen what an earlier watcher has noted of its silence
 */
public record LeaseEntry(
        String namespace,
        String name,
        String pool,
        long version,
        String incarnation,
        String renewed,
        int slots,
        State state,
        String message,
        Duration deadAfter,
        SilenceNote seen) {

    /** What it does with jobs. */
    public enum State {
        READY("Ready"),
        HANDLER_NOT_READY("HandlerNotReady"),
        DRAINING("Draining");

        private final String text;

        State(String text) {
            this.text = text;
        }

        /** As it stands on the Lease; what nobody knows takes no jobs. */
        public static State of(String text) {
            for (var state : values()) {
                if (state.text.equals(text)) return state;
            }
            return HANDLER_NOT_READY;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    /** True where the worker has said something since {@code before}. */
    boolean isRenewal(LeaseEntry before) {
        return !renewed.equals(before.renewed) || !incarnation.equals(before.incarnation);
    }
}
