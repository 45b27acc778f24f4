package io.syncjobs.simulation;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.syncjobs.api.RawJson;
import io.syncjobs.api.RetryPolicy;
import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncJobSpec;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/** Who creates jobs, in bursts. */
final class Erp {
    static final int TIMEOUT_SECONDS = 120;
    static final RawJson TEMPLATE =
            RawJson.of("{\"spec\":{\"containers\":[{\"name\":\"worker\",\"image\":\"shop/worker:1\"}]}}");

    private final World world;
    private final ApiServer api;
    private int names;

    Erp(World world, ApiServer api) {
        this.world = world;
        this.api = api;
    }

    void burst() {
        var count = 3 + world.pick(8);
        for (var i = 0; i < count; i++)
            world.in(world.seconds(0, 2), () -> submit(world.pick(List.of("default", "default", "narrow"))));
        for (var i = 0; i < count; i++) world.in(world.seconds(0, 2), this::submitWarm);
    }

    void submitWarm() {
        submit(WarmJudge.QUEUE);
    }

    private void submit(String queue) {
        var eta = world.pick(5) == 0
                ? Optional.of(world.now().plus(world.seconds(0, world.pick(2) == 0 ? 60 : 900)))
                : Optional.<Instant>empty();
        submit(queue, eta);
    }

    SyncJob submit(String queue, Optional<Instant> eta) {
        return submit(queue, eta, TIMEOUT_SECONDS);
    }

    SyncJob submit(String queue, Optional<Instant> eta, int timeoutSeconds) {
        return submit(queue, eta, timeoutSeconds, world.pick(20));
    }

    /** One that goes before all others. */
    void submitUrgent(String queue, Optional<Instant> eta) {
        submit(queue, eta, TIMEOUT_SECONDS, 0);
    }

    private SyncJob submit(String queue, Optional<Instant> eta, int timeoutSeconds, int priority) {
        var name = "job-" + names++;
        var job = new SyncJob();
        job.setMetadata(new ObjectMetaBuilder()
                .withName(name)
                .withNamespace(ApiServer.NAMESPACE)
                .withUid("uid-" + name)
                .withGeneration(1L)
                // In whole seconds, as the API server has it: of one burst many are ties.
                .withCreationTimestamp(
                        world.now().truncatedTo(ChronoUnit.SECONDS).toString())
                .build());
        job.setSpec(spec(queue, eta, timeoutSeconds, priority));
        world.count("jobs");
        world.say("erp", name, "creates the job", "");
        api.createJob(job);
        return job;
    }

    private SyncJobSpec spec(String queue, Optional<Instant> eta, int timeoutSeconds, int priority) {
        var retry = new RetryPolicy(
                world.pick(4), world.pick(List.of(1, 5, 60)), null, world.pick(List.of("Any", "Retryable")));
        var template = world.pick(15) == 0 ? TEMPLATE : null;
        return new SyncJobSpec(
                queue,
                "export.order",
                null,
                priority,
                eta.map(Instant::toString).orElse(null),
                timeoutSeconds,
                retry,
                template);
    }
}
