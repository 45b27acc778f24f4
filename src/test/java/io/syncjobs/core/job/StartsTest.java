package io.syncjobs.core.job;

import static io.syncjobs.core.job.Given.NOW;
import static io.syncjobs.core.job.Given.QUEUE;
import static io.syncjobs.core.job.Given.SETTINGS;
import static io.syncjobs.core.job.Given.TEMPLATE;
import static io.syncjobs.core.job.Given.enqueued;
import static io.syncjobs.core.job.Given.made;
import static io.syncjobs.core.job.Given.pod;
import static io.syncjobs.core.job.Given.refused;
import static io.syncjobs.core.job.Given.retryingAny;
import static io.syncjobs.core.job.Given.seen;
import static io.syncjobs.core.job.Given.waitsForInit;
import static io.syncjobs.core.job.Given.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.syncjobs.api.RawJson;
import io.syncjobs.api.Reason;
import io.syncjobs.api.State;
import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncJobSpec;
import io.syncjobs.api.SyncQueueSpec;
import io.syncjobs.core.run.PodView.Container.Waiting;
import io.syncjobs.core.run.Refusals;
import io.syncjobs.core.run.Reservation;
import io.syncjobs.core.run.Signals;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A job whose worker has not begun. */
class StartsTest {
    private static final Waiting DOWN =
            new Waiting("ErrImagePull", "failed to resolve reference \"registry.example/erp:7\": 502 Bad Gateway");
    private static final Waiting BACK_OFF = new Waiting("ImagePullBackOff", "Back-off pulling image \"erp:7\"");

    @Test
    void aPodThatHasNotStartedAndIsOfAnotherTemplateIsReplacedUncounted() {
        var job = enqueued("a");
        var old = made(pod(job, DOWN), RawJson.of("{\"spec\": {}}").fingerprint());
        var same = made(pod(job, DOWN), TEMPLATE.fingerprint());

        var stop = next(Step.Stop.class, seen(job, old));
        assertThat(stop.target()).isEqualTo(State.PENDING);
        assertThat(stop.reason()).isEqualTo(Reason.TEMPLATE_CHANGED);
        var stopped = Given.withStatus(job, Statuses.after(job, stop, NOW));
        var status = Statuses.after(stopped, new Step.FinishStop(), NOW);
        assertThat(status.state()).isEqualTo(State.PENDING);
        assertThat(status.retries()).isNull();
        assertThat(status.workerLosses()).isNull();
        assertThat(Lifecycle.next(seen(job, same))).isInstanceOf(Step.Explain.class);
        assertThat(Lifecycle.next(seen(job, made(pod(job, Given.running()), "other"))))
                .as("a worker that runs goes on")
                .isInstanceOf(Step.Start.class);
    }

    /** Its pod would never start: nothing says how to make one any more. */
    @Test
    void aJobThatHasNotStartedWhenItsQueueIsGivenToAPoolGoesToAWorker() {
        var job = enqueued("a");
        var placed = with(job, s -> {
            s.attempt = 0;
            s.worker = null;
        });
        var why = Refusals.of(List.of("403"), "exceeded quota: pods, requested");
        var refused = new Reservation.Refused(why, "exceeded quota", Duration.ofSeconds(5), NOW);

        for (var seen : List.of(
                seen(job, refused),
                seen(job, new Reservation.Mine(Duration.ZERO)),
                seen(placed, new Reservation.Foreign()),
                seen(job, pod(job, DOWN)))) {
            assertThat(Lifecycle.next(toPool(seen))).isInstanceOfSatisfying(Step.Stop.class, stop -> {
                assertThat(stop.target()).isEqualTo(State.PENDING);
                assertThat(stop.message()).contains("pool magento");
            });
        }
        assertThat(Lifecycle.next(toPool(seen(job, pod(job, Given.running())))))
                .as("a worker that runs goes on")
                .isInstanceOf(Step.Start.class);
        var own = enqueued("a");
        own.setSpec(new SyncJobSpec("default", "export.order", null, null, null, null, null, TEMPLATE));
        assertThat(Lifecycle.next(toPool(seen(own, new Reservation.Mine(Duration.ZERO)))))
                .as("a template of its own counts before the queue's pool")
                .isInstanceOf(Step.CreatePod.class);
    }

    private static Observation toPool(Observation seen) {
        return new Observation(
                seen.job(),
                Optional.of(new SyncQueueSpec(10, null, null, null, null, "magento")),
                seen.pods(),
                seen.run(),
                seen.inspected(),
                seen.settings(),
                seen.watchingSince(),
                seen.now());
    }

    @Test
    void anyFailureIsRetriedAlsoThatOfAPodWhichNeverStarted() {
        var job = late(retryingAny(enqueued("a")));

        var stop = next(Step.Stop.class, seen(job, pod(job, DOWN)));
        assertThat(stop.target()).isEqualTo(State.PENDING);
        assertThat(stop.reason()).isEqualTo(Reason.RETRY_BACKOFF);
        assertThat(stop.notBefore()).isNotNull();
        var why = Refusals.of(List.of("403"), "exceeded quota: pods, requested");
        var refused = new Reservation.Refused(why, "exceeded quota", Duration.ofSeconds(5), NOW);
        assertThat(next(Step.Retry.class, seen(job, refused)).error().type()).isEqualTo("QuotaExceeded");
        var exhausted = with(job, s -> s.retries = 5);
        assertThat(next(Step.Stop.class, seen(exhausted, pod(job, DOWN))).target())
                .isEqualTo(State.FAILED);
    }

    @Test
    void whatAKubeletSaidBeforeItBackedOffIsNotForgotten() {
        var job = enqueued("a");
        var told = next(Step.Explain.class, seen(job, pod(job, DOWN)));
        assertThat(told.message()).contains("502 Bad Gateway").contains("The registry of registry.example/erp:7");
        var waits = Given.withStatus(job, Statuses.after(job, told, NOW));

        assertThat(Lifecycle.next(seen(waits, pod(job, BACK_OFF)))).isInstanceOf(Step.Wait.class);
        var stop = next(Step.Stop.class, seen(late(waits), pod(job, BACK_OFF)));
        assertThat(stop.message()).contains("502 Bad Gateway");
    }

    /** 1. A sidecar has just ended when the pod is looked at. 2. The kubelet says that it ends again and again. */
    @Test
    void aCauseIsToldAsSoonAsItIsKnown() {
        var job = with(enqueued("a"), s -> {
            s.reason = "PodStarting";
            s.message = "pod a-1: is being started (PodInitializing) → Look at the pod's events.";
            s.reasonTime = NOW.minusSeconds(1);
        });
        var loops = pod(job, new Waiting("CrashLoopBackOff", "back-off 40s restarting failed container=proxy"));

        var told = next(Step.Explain.class, seen(job, loops));
        assertThat(told.message()).contains("CrashLoopBackOff");
        var waits = Given.withStatus(job, Statuses.after(job, told, NOW));
        assertThat(Lifecycle.next(seen(waits, loops))).isInstanceOf(Step.Wait.class);
    }

    /** An event has another code for what a container's status calls ImageInspectError or InvalidImageName. */
    @Test
    void theEventOfAnImageThatCannotBeLookedAtIsAboutTheImage() {
        var pod = pod(enqueued("a"), BACK_OFF);
        var broken = new Waiting("InspectFailed", "Failed to inspect image \"erp:7\": context deadline exceeded");
        var name = new Waiting("InspectFailed", "Failed to apply default image tag: couldn't parse image name \"ERP\"");

        assertThat(Signals.ofWaiting(pod, broken).row().id()).isEqualTo("image-inspect");
        assertThat(Signals.ofWaiting(pod, name).row().id()).isEqualTo("image-name");
    }

    @Test
    void anInitContainerThatWorksIsNamed() {
        var job = enqueued("a");
        var pod = waitsForInit(pod(job, new Waiting("PodInitializing", "")), "wait-for-database");

        assertThat(Lifecycle.next(seen(job, pod))).as("it may be quick").isInstanceOf(Step.Wait.class);
        var stop = next(Step.Stop.class, seen(late(job), pod));
        assertThat(stop.message()).contains("its init container wait-for-database, which has been running since 2026-");
        assertThat(stop.error()).extracting("resolution").asString().contains("-c wait-for-database");
    }

    @Test
    void aPodThatIsNotTakenByFaultOfItsTemplateIsMadeAgainInItsPlaceLaterEachTime() {
        var job = enqueued("a");
        var pod = refused(pod(job, new Waiting("", "")), "NodeAffinity", true);

        var told = next(Step.Explain.class, seen(job, pod));
        assertThat(told.reason()).isEqualTo(Reason.POD_UNSCHEDULABLE);
        assertThat(told.message()).contains("leave nodeName out of the template of SyncQueue default");
        var waits = Given.withStatus(job, Statuses.after(job, told, NOW));
        var created = new Reservation.Created(Duration.ofSeconds(10), NOW.minusSeconds(19));
        assertThat(next(Step.Wait.class, seen(waits, created, pod)).lookAgain()).contains(NOW.plusSeconds(1));
        var due = new Reservation.Created(Duration.ofSeconds(10), NOW.minusSeconds(20));
        assertThat(next(Step.Reserve.class, seen(waits, due, pod)).attempt()).isEqualTo(2);
        assertThat(Refusals.pauseOf(due)).isEqualTo(Duration.ofSeconds(20));
        assertThat(next(Step.End.class, seen(late(waits), due, pod)).reason()).isEqualTo(Reason.POD_NEVER_STARTED);
    }

    private static SyncJob late(SyncJob job) {
        return with(job, s -> s.enqueuedTime = NOW.minus(SETTINGS.podStart()));
    }

    private static <T extends Step> T next(Class<T> kind, Observation seen) {
        assertThat(seen.queue()).contains(QUEUE);
        var step = Lifecycle.next(seen);
        assertThat(step).isInstanceOf(kind);
        return kind.cast(step);
    }
}
