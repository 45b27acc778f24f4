package io.syncjobs.core.index;

import java.time.Duration;

/**
 * What a worker says about itself in its Lease.
 *
 * @param name the name of the worker, which is the name of its pod
 * @param incarnation the id that the agent made up at its start
 * @param renewed the renew time as written; it is only compared for equality, never with a clock
 * @param message why the worker does not take jobs
 * @param deadAfter the time that the agent reckons with: it stops itself if it cannot renew for two thirds of it
 * @param seen the silence that an earlier operator has noted
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

    /** What the worker does with jobs. */
    public enum State {
        READY("Ready"),
        HANDLER_NOT_READY("HandlerNotReady"),
        DRAINING("Draining");

        private final String text;

        State(String text) {
            this.text = text;
        }

        /** Reads the state on a Lease; an unknown state counts as not taking jobs. */
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

    /** True if the agent has written since {@code before}. */
    boolean isRenewal(LeaseEntry before) {
        return !renewed.equals(before.renewed) || !incarnation.equals(before.incarnation);
    }
}
