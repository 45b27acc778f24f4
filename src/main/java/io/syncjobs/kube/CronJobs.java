package io.syncjobs.kube;

import com.fasterxml.jackson.databind.JsonNode;
import io.syncjobs.core.Times;
import io.syncjobs.core.queue.SchedulerHealth.Seen;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Reads the enqueue CronJob. */
public final class CronJobs {
    private final Api api;

    public CronJobs(Api api) {
        this.api = api;
    }

    /** What is seen of the CronJob; empty if it does not exist. */
    public Optional<Seen> read(String namespace, String name) {
        return get(namespace, name)
                .map(job -> new Seen(
                        job.path("spec").path("suspend").asBoolean(false),
                        time(job.path("metadata").path("creationTimestamp")).orElse(Instant.EPOCH),
                        time(job.path("status").path("lastScheduleTime")),
                        time(job.path("status").path("lastSuccessfulTime"))));
    }

    /** The environment variables of its runs that have literal values; empty if it does not exist. */
    public Map<String, String> environment(String namespace, String name) {
        var variables = new HashMap<String, String>();
        get(namespace, name)
                .map(job -> job.at("/spec/jobTemplate/spec/template/spec/containers/0/env"))
                .ifPresent(env -> env.forEach(variable -> {
                    if (variable.has("value"))
                        variables.put(
                                variable.path("name").asText(),
                                variable.path("value").asText());
                }));
        return variables;
    }

    private Optional<JsonNode> get(String namespace, String name) {
        return api.find("/apis/batch/v1/namespaces/" + namespace + "/cronjobs/" + name)
                .map(Json::tree);
    }

    private static Optional<Instant> time(JsonNode node) {
        return node.isTextual() ? Optional.of(Times.instant(node.asText())) : Optional.empty();
    }
}
