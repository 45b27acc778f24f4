package io.syncjobs.agent;

import io.syncjobs.core.pool.AgentContainer;
import io.syncjobs.core.pool.AgentVariable;
import io.syncjobs.core.settings.Settings;
import io.syncjobs.core.worker.Handler;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** The settings of an agent. The operator writes them as environment variables into the Deployment of the pool. */
public record AgentSettings(
        String pod,
        String namespace,
        String podUid,
        int slots,
        Duration heartbeat,
        Duration deadAfter,
        Duration grace,
        String drainPath,
        Handler handler) {

    /**
     * Reads the settings.
     *
     * @throws IllegalArgumentException naming the variable, its value and what it should be
     */
    public static AgentSettings from(Map<String, String> environment) {
        var cancelPath = environment.getOrDefault(AgentVariable.HANDLER_CANCEL_PATH.variable(), "");
        return new AgentSettings(
                text(environment, AgentContainer.POD_NAME),
                text(environment, AgentContainer.POD_NAMESPACE),
                text(environment, AgentContainer.POD_UID),
                number(environment, AgentVariable.SLOTS.variable()),
                Duration.ofSeconds(number(environment, AgentVariable.HEARTBEAT_SECONDS.variable())),
                Duration.ofSeconds(number(environment, AgentVariable.DEAD_AFTER_SECONDS.variable())),
                Duration.ofSeconds(number(environment, AgentVariable.GRACE_SECONDS.variable())),
                text(environment, AgentVariable.DRAIN_PATH.variable()),
                new Handler(
                        text(environment, AgentVariable.POOL.variable()),
                        text(environment, AgentVariable.HANDLER_CONTAINER.variable()),
                        number(environment, AgentVariable.HANDLER_PORT.variable()),
                        text(environment, AgentVariable.HANDLER_PATH.variable()),
                        Optional.of(cancelPath).filter(path -> !path.isBlank()),
                        Settings.traceBytes(environment)));
    }

    /** How long calls may go on after the shutdown began. The rest of the grace period is for giving back their jobs. */
    Duration drainFor() {
        var margin = grace.dividedBy(5);
        var most = Duration.ofSeconds(5);
        return grace.minus(margin.compareTo(most) < 0 ? margin : most);
    }

    /**
     * How long after the shutdown began the agent waits for a handler that is told to give up a call. The rest of the grace period is
     * for the requests that give back the jobs.
     */
    Duration tellFor() {
        return drainFor().plus(grace).dividedBy(2);
    }

    /** After so long without a renewal the agent stops itself, before the operator takes it for dead. */
    Duration selfStopAfter() {
        return deadAfter.multipliedBy(2).dividedBy(3);
    }

    private static String text(Map<String, String> environment, String variable) {
        var text = environment.getOrDefault(variable, "").strip();
        if (text.isEmpty())
            throw new IllegalArgumentException(
                    variable + " is not set: the operator sets it in the pods of a SyncWorkerPool, where this is run");
        return text;
    }

    private static int number(Map<String, String> environment, String variable) {
        var text = text(environment, variable);
        try {
            var number = Integer.parseInt(text);
            if (number >= 1) return number;
        } catch (NumberFormatException e) {
            // answered below, together with numbers out of range
        }
        throw new IllegalArgumentException(variable + " is \"" + text + "\" but must be a whole number from 1 on");
    }
}
