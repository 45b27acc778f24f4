package io.syncjobs.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.syncjobs.api.Names;
import io.syncjobs.api.State;
import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncJobSpec;
import io.syncjobs.api.SyncJobStatus;
import io.syncjobs.api.SyncQueueSpec;
import io.syncjobs.core.job.Command;
import io.syncjobs.core.job.Policies;
import io.syncjobs.core.job.Statuses;
import io.syncjobs.core.job.Step;
import io.syncjobs.core.run.PodNames;
import io.syncjobs.kube.StubApi;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class DeletedPodCacheTest {
    private static final Command.Handling BY_HAND =
            new Command.Handling("id", new Command(Command.Kind.SET_DONE, "by hand", "jo"));

    private static final String WORKER = "a-2-x";

    private final DeletedPodCache words = new DeletedPodCache(InstantSource.system());

    @Test
    void thePodOfAnEarlierAttemptDoesNotSpeakForTheCurrentOne() {
        words.hear(ended("a-1-x"), holding(started()));
        assertThat(words.of(started())).isEmpty();

        words.hear(ended(WORKER), holding(started()));
        words.hear(ended("a-1-x"), holding(started()));
        assertThat(words.of(started())).isPresent();
    }

    /** Each pod is deleted some time after its job has ended, also beside an operator that does not lead and asks for nothing. */
    @Test
    void ofAJobThatHasEndedNothingIsKept() {
        var status = Statuses.after(started(), new Step.ApplyCommand(BY_HAND, doneByHand()), Instant.now());

        words.hear(ended(WORKER), holding(StubApi.job("a", 4, started().getSpec(), status)));

        assertThat(words.size()).isZero();
    }

    /** Whoever may create pods can make any number that say they are a job's. The watch of the job may be one attempt late. */
    @Test
    void onlyThePodsThatMayBeTheCurrentOneAreKept() {
        for (var i = 0; i < 1_000; i++) words.hear(ended("forged-" + i), holding(started()));
        words.hear(ended(PodNames.of(started(), 3)), holding(started()));
        words.hear(ended(WORKER), holding(started()));

        assertThat(words.size()).isEqualTo(2);
    }

    @Test
    void nothingIsKeptForLong() {
        words.mayStillCome(started(), Instant.now().minusSeconds(1_000));
        words.hear(ended(WORKER), holding(started()));

        assertThat(words.size()).isEqualTo(1);
        assertThat(words.mayStillCome(started(), Instant.now())).isTrue();
        assertThat(words.mayStillCome(started(), Instant.now().plusSeconds(1_000)))
                .isTrue();
        assertThat(words.of(started())).isEmpty();
    }

    private static Step.End doneByHand() {
        return new Step.End(State.DONE, io.syncjobs.api.Reason.MANUALLY_SET_DONE, "by hand", null, null, null);
    }

    private static SyncJob started() {
        var spec = new SyncJobSpec("default", "export.order", null, null, null, null, null, null);
        var job = StubApi.job("a", 1, spec, SyncJobStatus.NEW);
        var now = Instant.now();
        var effective = Policies.effective(spec, SyncQueueSpec.BUILT_IN);
        job.setStatus(Statuses.after(job, new Step.Reserve(2, WORKER, effective), now));
        return StubApi.job("a", 3, spec, Statuses.after(job, new Step.Start(now, "worker"), now));
    }

    private static Pod ended(String name) {
        return new PodBuilder(StubApi.pod(name).build())
                .editMetadata()
                .addToLabels(Names.JOB_UID, "uid-a")
                .addNewOwnerReference()
                .withName("a")
                .withUid("uid-a")
                .endOwnerReference()
                .endMetadata()
                .withNewStatus()
                .withPhase("Succeeded")
                .endStatus()
                .build();
    }

    private static Function<String, Optional<SyncJob>> holding(SyncJob job) {
        return name -> Optional.of(job);
    }
}
