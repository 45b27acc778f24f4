package io.syncjobs.core.settings;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.syncjobs.core.Limits;
import io.syncjobs.core.ObjectName;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * All settings of a process. They are read once at its start, from environment variables; {@link Parameter} has what each of them
 * means.
 */
public record Settings(
        String namespace,
        String pod,
        String release,
        List<String> watchNamespaces,
        boolean eager,
        Duration scheduleOverdue,
        boolean jobTemplates,
        Duration podStart,
        Duration donePod,
        Duration failedPod,
        Duration reasonAfter,
        int reasonWritesPerSecond,
        Duration lease,
        int httpPort,
        int healthPort,
        int traceBytes,
        AgentDefaults agent) {

    /** The longest time of the chart's values, in seconds. */
    private static final int YEAR = 31_536_000;

    /** The API server refuses a longer one. */
    private static final int LONGEST_LEASE = 3_600;

    private static final int MOST_WRITES = 1_000;
    private static final int LAST_PORT = 65_535;

    /** One row per setting: its environment variable and its default. */
    public enum Parameter {
        /** Namespace that the product is installed in: its Leases and the CronJob are there. */
        NAMESPACE("syncjobs-system"),
        /** Name of the process's own pod: its identity in Leases and admission policies. */
        POD(""),
        /** Prefix of the CronJob {@code <release>-enqueue} and the Leases {@code <release>-operator} and {@code <release>-enqueuer}. */
        RELEASE("syncjobs"),
        /** Comma-separated namespaces whose jobs are served; empty serves all. */
        WATCH_NAMESPACES(""),
        /** true: the operator enqueues as events arrive; false: only the minute run does. */
        EAGER("true"),
        /** Without a successful minute run for so long the scheduler counts as not running. */
        SCHEDULE_OVERDUE_SECONDS("180"),
        /** How often a warm worker says that it lives, where its pool does not say otherwise. */
        HEARTBEAT_SECONDS("10"),
        /**
         * A warm worker that has been silent for so long is dead, where its pool does not say otherwise; and the longest wait for a run
         * that is being ended, unless its grace period is longer.
         */
        DEAD_AFTER_SECONDS("300"),
        /** The product's own image, which the agents of warm workers are made of. */
        IMAGE("syncjobs/syncjobs"),
        /** When nodes pull it for an agent: Always, IfNotPresent or Never. */
        IMAGE_PULL_POLICY("IfNotPresent"),
        /** Comma-separated names of Secrets in the pools' namespaces to pull it with. */
        IMAGE_PULL_SECRETS(""),
        /** Requests and limits of the agents of warm workers, as JSON of a container's resources. */
        AGENT_RESOURCES("{\"limits\":{\"memory\":\"128Mi\"},\"requests\":{\"cpu\":\"20m\",\"memory\":\"64Mi\"}}"),
        /** true: a job's own template is run; false: only its queue's is. */
        ALLOW_JOB_TEMPLATES("true"),
        /** A job whose pod has not started for so long after it was enqueued ends PodNeverStarted. */
        POD_START_SECONDS("900"),
        /** How long the pod of a Done job is kept. */
        DONE_POD_SECONDS("300"),
        /** How long an ended pod that did not succeed is kept. */
        FAILED_POD_SECONDS("3600"),
        /** A job that has waited so long gets a reason in its status. */
        REASON_AFTER_SECONDS("60"),
        /** At most so many waiting reasons are written per second. */
        REASON_WRITES_PER_SECOND("20"),
        /** Duration of the product's Leases. */
        LEASE_SECONDS("15"),
        /** Port of /metrics. */
        HTTP_PORT("8080"),
        /** Port of /healthz and /readyz. */
        HEALTH_PORT("8081"),
        /** How many bytes are kept of a failure's trace: the end of a log, or of what a handler answers. 0 keeps none. */
        TRACE_BYTES(Integer.toString(Limits.TRACE_BYTES)),
        /** The least severe that is logged: ERROR, WARN, INFO, DEBUG or TRACE; logback.xml reads it. */
        LOG_LEVEL("INFO"),
        /** text, or json: one object a line as in the Elastic Common Schema; logback.xml reads it. */
        LOG_FORMAT("text");

        private final String fallback;

        Parameter(String fallback) {
            this.fallback = fallback;
        }

        /** The environment variable. */
        public String variable() {
            return "SYNCJOBS_" + name();
        }

        /** The value that is used when the variable is not set. */
        public String fallback() {
            return fallback;
        }

        private String text(Map<String, String> environment) {
            return environment.getOrDefault(variable(), fallback).strip();
        }

        /** A name becomes a part of addresses. */
        private String name(Map<String, String> environment) {
            var text = text(environment);
            if (ObjectName.isName(text)) return text;
            throw new IllegalArgumentException(variable() + " is \"" + text + "\" but must be a name of "
                    + ObjectName.FORM + "; the default is " + fallback);
        }

        private List<String> names(Map<String, String> environment) {
            var names = Arrays.stream(text(environment).split(",", -1))
                    .map(String::strip)
                    .filter(name -> !name.isEmpty())
                    .toList();
            if (names.stream().allMatch(ObjectName::isName)) return names;
            throw new IllegalArgumentException(variable() + " is \"" + text(environment) + "\" but must be names of "
                    + ObjectName.FORM + ", separated by commas");
        }

        private int number(Map<String, String> environment, int least, int most) {
            var text = text(environment);
            try {
                var number = Integer.parseInt(text);
                if (number >= least && number <= most) return number;
            } catch (NumberFormatException e) {
                // answered below, together with numbers out of range
            }
            throw new IllegalArgumentException(variable() + " is \"" + text + "\" but must be a whole number from "
                    + least + " to " + most + "; the default is " + fallback);
        }

        private ObjectNode object(Map<String, String> environment) {
            var text = text(environment);
            try {
                if (new ObjectMapper().readTree(text) instanceof ObjectNode object) return object;
            } catch (JsonProcessingException e) {
                // answered below, together with JSON that is no object
            }
            throw new IllegalArgumentException(
                    variable() + " is \"" + text + "\" but must be a JSON object; the default is " + fallback);
        }

        private Duration seconds(Map<String, String> environment) {
            return seconds(environment, YEAR);
        }

        private Duration seconds(Map<String, String> environment, int most) {
            return Duration.ofSeconds(number(environment, 1, most));
        }

        private void oneOf(Map<String, String> environment, String... words) {
            var text = text(environment);
            if (Arrays.asList(words).contains(text)) return;
            throw new IllegalArgumentException(
                    variable() + " is \"" + text + "\" but must be one of " + String.join(", ", words));
        }

        private boolean flag(Map<String, String> environment) {
            var text = text(environment);
            if (text.equals("true") || text.equals("false")) return text.equals("true");
            throw new IllegalArgumentException(variable() + " is \"" + text + "\" but must be true or false");
        }
    }

    /**
     * Reads the settings.
     *
     * @throws IllegalArgumentException naming the variable, its value and what it should be
     */
    public static Settings from(Map<String, String> environment) {
        Parameter.LOG_LEVEL.oneOf(environment, "ERROR", "WARN", "INFO", "DEBUG", "TRACE");
        Parameter.LOG_FORMAT.oneOf(environment, "text", "json");
        Parameter.IMAGE_PULL_POLICY.oneOf(environment, "Always", "IfNotPresent", "Never");
        return new Settings(
                Parameter.NAMESPACE.name(environment),
                Parameter.POD.text(environment),
                Parameter.RELEASE.name(environment),
                Parameter.WATCH_NAMESPACES.names(environment),
                Parameter.EAGER.flag(environment),
                Parameter.SCHEDULE_OVERDUE_SECONDS.seconds(environment),
                Parameter.ALLOW_JOB_TEMPLATES.flag(environment),
                Parameter.POD_START_SECONDS.seconds(environment),
                Parameter.DONE_POD_SECONDS.seconds(environment),
                Parameter.FAILED_POD_SECONDS.seconds(environment),
                Parameter.REASON_AFTER_SECONDS.seconds(environment),
                Parameter.REASON_WRITES_PER_SECOND.number(environment, 1, MOST_WRITES),
                Parameter.LEASE_SECONDS.seconds(environment, LONGEST_LEASE),
                Parameter.HTTP_PORT.number(environment, 1, LAST_PORT),
                Parameter.HEALTH_PORT.number(environment, 1, LAST_PORT),
                traceBytes(environment),
                agent(environment));
    }

    /** How many bytes of a trace are kept. Operator and agents read the same variable. */
    public static int traceBytes(Map<String, String> environment) {
        return Parameter.TRACE_BYTES.number(environment, 0, Limits.TRACE_BYTES);
    }

    private static AgentDefaults agent(Map<String, String> environment) {
        var variables = new TreeMap<String, String>();
        for (var each : List.of(Parameter.TRACE_BYTES, Parameter.LOG_LEVEL, Parameter.LOG_FORMAT)) {
            variables.put(each.variable(), each.text(environment));
        }
        return new AgentDefaults(
                Parameter.IMAGE.text(environment),
                Parameter.IMAGE_PULL_POLICY.text(environment),
                Parameter.IMAGE_PULL_SECRETS.names(environment),
                Parameter.AGENT_RESOURCES.object(environment),
                variables,
                new PoolTiming(
                        Parameter.HEARTBEAT_SECONDS.seconds(environment),
                        Parameter.DEAD_AFTER_SECONDS.seconds(environment)));
    }

    /** How long to wait at most for a run that is being ended, unless its grace period is longer. */
    public Duration deadAfter() {
        return agent.timing().deadAfter();
    }

    /** The name of the CronJob of the minute run. */
    public String cronJob() {
        return release + "-enqueue";
    }

    /** The name of the Lease by which operators elect a leader. */
    public String operatorLease() {
        return release + "-operator";
    }

    /** The name of the Lease that says who may enqueue. */
    public String enqueuerLease() {
        return release + "-enqueuer";
    }
}
