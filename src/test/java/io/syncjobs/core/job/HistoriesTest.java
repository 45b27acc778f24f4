package io.syncjobs.core.job;

import static io.syncjobs.core.job.Given.QUEUE;
import static io.syncjobs.core.job.Given.SETTINGS;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.syncjobs.api.Names;
import io.syncjobs.api.RetryPolicy;
import io.syncjobs.api.State;
import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncJobStatus;
import io.syncjobs.core.JobFields;
import io.syncjobs.core.Limits;
import io.syncjobs.core.Tries;
import io.syncjobs.core.index.QueueKey;
import io.syncjobs.core.job.Command.Kind;
import io.syncjobs.core.job.Step.Inspect.Subject;
import io.syncjobs.core.queue.EnqueuePass;
import io.syncjobs.core.queue.EnqueuePass.Snapshot;
import io.syncjobs.core.run.PodEdit;
import io.syncjobs.core.run.PodNames;
import io.syncjobs.core.run.PodView;
import io.syncjobs.core.run.PodView.Container;
import io.syncjobs.core.run.Reservation;
import io.syncjobs.core.run.Run;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random lives of one job against a small model of the cluster: pods that start, end, vanish and are evicted; a process that
 * dies at any write, loses answers and looks at stale caches; a person with commands. What must hold, holds at every step, and
 * when the trouble ends the job comes to an end.
 */
@Tag("tries")
class HistoriesTest {
    private static final int STEPS = 400;

    static IntStream seeds() {
        return IntStream.range(0, Tries.of(250));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void nothingIsLostDoubledOrStuck(int seed) {
        var life = new Life(seed);
        try {
            for (var i = 0; i < STEPS; i++) life.step();
            life.comeToAnEnd();
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError("seed " + seed + "\n  " + String.join("\n  ", life.tail()), e);
        }
    }

    private static final class Life {
        private final Random random;
        private final List<String> log = new ArrayList<>();
        private final Map<String, PodView> pods = new LinkedHashMap<>();
        private Map<String, PodView> stalePods = Map.of();
        private Instant now = Given.NOW;
        private SyncJob stored;
        private SyncJob stale;
        private int version = 1;
        private Optional<Reserved> reserved = Optional.empty();
        private int commands;

        private record Reserved(int attempt, Reservation reservation) {}

        Life(int seed) {
            random = new Random(seed);
            var on = random.nextBoolean() ? "Any" : "Retryable";
            var retry = new RetryPolicy(random.nextInt(4), 5, null, on);
            stored = Given.job("job", Given.spec(null, null, retry));
            stale = stored;
        }

        List<String> tail() {
            return log.subList(Math.max(0, log.size() - 40), log.size());
        }

        void step() {
            var before = JobFields.statusOf(stored);
            switch (random.nextInt(12)) {
                case 0, 1 -> pass(true);
                case 2, 3, 4, 5 -> reconcile(true);
                case 6, 7 -> kubelet();
                case 8 -> platform();
                case 9 -> now = now.plusSeconds(random.nextInt(120));
                case 10 -> die();
                default -> person();
            }
            check(before, JobFields.statusOf(stored));
        }

        /** No more trouble: the caches catch up, the kubelet works, and time goes by. */
        void comeToAnEnd() {
            for (var i = 0; i < 400 && !JobFields.statusOf(stored).state().finished(); i++) {
                stale = stored;
                stalePods = Map.copyOf(pods);
                pass(false);
                stale = stored;
                reconcile(false);
                kubelet();
                now = now.plusSeconds(20);
            }
            assertThat(JobFields.statusOf(stored).state().finished())
                    .as("the job comes to an end")
                    .isTrue();
            for (var i = 0; i < 20; i++) {
                stale = stored;
                stalePods = Map.copyOf(pods);
                reconcile(false);
                kubelet();
                now = now.plus(SETTINGS.failedPod());
            }
            assertThat(pods).as("no pod is left").isEmpty();
        }

        private void pass(boolean trouble) {
            var job = look(trouble);
            var plan = EnqueuePass.plan(new Snapshot(List.of(job), Map.of(QueueKey.of(job), QUEUE), Map.of()), now);
            for (var place : plan.places()) {
                var attempt = Objects.requireNonNullElse(JobFields.statusOf(job).attempt(), 0) + 1;
                apply(job, new Step.Reserve(attempt, PodNames.of(job, attempt), place.effective()), trouble);
            }
        }

        private void reconcile(boolean trouble) {
            var job = look(trouble);
            for (var i = 0; i < 6; i++) {
                var seen = new Observation(
                        job,
                        Optional.of(QUEUE),
                        visible(trouble),
                        new Run.PodRun(reservation(job)),
                        Inspected.NOTHING,
                        SETTINGS,
                        Instant.EPOCH,
                        now);
                var step = inspectedNext(seen);
                if (step instanceof Step.Wait || !apply(job, step, trouble)) return;
                if (step instanceof Step.DeletePod || step instanceof Step.CreatePod) return;
                job = stored;
            }
        }

        /** A closer look, each time that one is asked for; none is asked for twice. */
        private Step inspectedNext(Observation cached) {
            var seen = cached;
            var step = Lifecycle.next(seen);
            while (step instanceof Step.Inspect inspect) {
                assertThat(seen.inspected().subjects()).doesNotContain(inspect.subject());
                var fresh = inspect.subject() == Subject.POD
                        ? seen.withPod(Optional.ofNullable(pods.get(inspect.of())))
                        : seen;
                seen = fresh.with(fresh.inspected().and(inspect.subject()));
                step = Lifecycle.next(seen);
            }
            return step;
        }

        /** A cache that lags. */
        private List<PodView> visible(boolean trouble) {
            return List.copyOf((trouble && random.nextInt(4) == 0 ? stalePods : pods).values());
        }

        private SyncJob look(boolean trouble) {
            if (!trouble || random.nextInt(4) > 0) stale = stored;
            if (random.nextInt(3) == 0) stalePods = Map.copyOf(pods);
            return stale;
        }

        private Reservation reservation(SyncJob job) {
            var attempt = Objects.requireNonNullElse(JobFields.statusOf(job).attempt(), 0);
            return reserved.filter(r -> r.attempt() == attempt)
                    .map(Reserved::reservation)
                    .orElse(new Reservation.Foreign());
        }

        /** Returns false where the process does not go on: a conflict, a lost answer, or its death. */
        private boolean apply(SyncJob seen, Step step, boolean trouble) {
            var fate = trouble ? random.nextInt(10) : 9;
            log.add(now + " " + step + (fate < 2 ? " (trouble " + fate + ")" : ""));
            if (fate == 0) return diedBefore();
            var landed = land(seen, step);
            if (fate == 1 && landed) return diedBefore();
            return landed;
        }

        private boolean diedBefore() {
            die();
            return false;
        }

        private boolean land(SyncJob seen, Step step) {
            return switch (step) {
                case Step.Wait s -> true;
                case Step.Inspect inspect -> throw new IllegalStateException("changes nothing: " + inspect);
                case Step.CreatePod create -> create(create);
                case Step.DeletePod delete -> delete(delete.pod().name());
                case Step.ClaimCommand accept -> annotate(seen, accept);
                case Step.Refuse refuse ->
                    write(seen, Given.annotated(stored, Command.dropping(seen, refuse.annotation())));
                case Step.ClearCommand f -> write(seen, Given.annotated(stored, Command.handled()));
                case Step.ApplyCommand obey -> write(seen, Given.withStatus(stored, Statuses.after(seen, obey, now)));
                case Step.Reserve reserve -> reserve(seen, reserve);
                case Step.Change change -> write(seen, Given.withStatus(stored, Statuses.after(seen, change, now)));
            };
        }

        private boolean reserve(SyncJob seen, Step.Reserve reserve) {
            if (!write(seen, Given.withStatus(stored, Statuses.after(seen, reserve, now)))) return false;
            reserved = Optional.of(new Reserved(reserve.attempt(), new Reservation.Mine(Duration.ZERO)));
            return true;
        }

        private boolean create(Step.CreatePod create) {
            assertThat(pods).as("one pod per attempt").doesNotContainKey(create.name());
            pods.put(create.name(), at(Given.pod(create.name(), create.attempt(), Given.waiting("ContainerCreating"))));
            reserved =
                    Optional.of(new Reserved(create.attempt(), new Reservation.Created(Duration.ZERO, Instant.EPOCH)));
            return true;
        }

        private boolean delete(String name) {
            var pod = pods.get(name);
            if (pod == null || pod.deletion().isPresent()) return true;
            if (pod.ended()) pods.remove(name);
            else pods.put(name, Given.deleting(pod, now, Duration.ofSeconds(30)));
            return true;
        }

        private boolean annotate(SyncJob seen, Step.ClaimCommand accept) {
            var handling = new Command.Handling("id-" + commands++, accept.command());
            return write(seen, Given.annotated(stored, handling.taking(seen)));
        }

        /** The API server's compare-and-set. */
        private boolean write(SyncJob seen, SyncJob next) {
            if (!seen.getMetadata()
                    .getResourceVersion()
                    .equals(stored.getMetadata().getResourceVersion())) return false;
            next.setMetadata(new ObjectMetaBuilder(next.getMetadata())
                    .withResourceVersion("" + ++version)
                    .build());
            stored = next;
            return true;
        }

        private void kubelet() {
            for (var pod : List.copyOf(pods.values())) {
                if (pod.deletion().isPresent()) {
                    if (pod.ended() || random.nextBoolean()) pods.remove(pod.name());
                    else pods.put(pod.name(), end(pod, random.nextBoolean() ? 0 : 143));
                } else if (pod.worker() instanceof Container.Waiting && random.nextInt(3) > 0) {
                    pods.put(pod.name(), change(pod, new Container.Running(now), "Running"));
                } else if (pod.worker() instanceof Container.Running && random.nextBoolean()) {
                    pods.put(pod.name(), end(pod, List.of(0, 0, 75, 75, 1, 137).get(random.nextInt(6))));
                }
            }
        }

        private void platform() {
            for (var pod : List.copyOf(pods.values())) {
                switch (random.nextInt(4)) {
                    case 0 -> pods.remove(pod.name());
                    case 1 -> pods.put(pod.name(), Given.deleting(pod, now, Duration.ofSeconds(30)));
                    case 2 -> pods.put(pod.name(), Given.disrupted(pod, "EvictionByEvictionAPI"));
                    default -> {}
                }
            }
        }

        private void person() {
            if (random.nextInt(3) > 0) return;
            var kind = List.of(Kind.values()).get(random.nextInt(Kind.values().length));
            log.add(now + " a person: " + kind);
            var word = List.of("now", "again", "force", "please").get(random.nextInt(4));
            write(stored, Given.annotated(Given.annotated(stored, kind.annotation(), word), Names.BY, "jo"));
        }

        private void die() {
            reserved = Optional.empty();
        }

        private PodView end(PodView pod, int code) {
            var end = new Container.Terminated("worker", code, "", "", Optional.of(now), Optional.of(now));
            return change(pod, end, code == 0 ? "Succeeded" : "Failed");
        }

        private PodView at(PodView pod) {
            return PodEdit.with(pod, edit -> edit.created = now);
        }

        private static PodView change(PodView pod, Container worker, String phase) {
            return PodEdit.with(pod, edit -> {
                edit.worker = worker;
                edit.phase = phase;
                edit.reason = "";
            });
        }

        private void check(SyncJobStatus before, SyncJobStatus after) {
            assertThat(Objects.requireNonNullElse(after.attempt(), 0))
                    .as("attempt only grows")
                    .isGreaterThanOrEqualTo(Objects.requireNonNullElse(before.attempt(), 0));
            assertThat(Objects.requireNonNullElse(after.workerLosses(), 0)).isLessThanOrEqualTo(Limits.WORKER_LOSSES);
            if (after.lastCommand() != null)
                assertThat(after.lastCommand().by()).isEqualTo("jo");
            if (before.state().finished() && before.state() != after.state()) {
                assertThat(after.lastCommand())
                        .as("only a command leaves a finished state")
                        .isNotEqualTo(before.lastCommand());
            }
            if (after.state() == State.PENDING) assertThat(after.worker()).isNull();
            if (after.state() == State.STARTED) assertThat(after.worker()).isNotNull();
            if (!after.state().occupying()) assertThat(after.stop()).isNull();
            var history = Objects.requireNonNullElse(after.history(), List.<SyncJobStatus.Attempt>of());
            assertThat(history).hasSizeLessThanOrEqualTo(Limits.HISTORY);
            assertThat(history.stream().map(SyncJobStatus.Attempt::attempt))
                    .as("one outcome per attempt")
                    .doesNotHaveDuplicates();
        }
    }
}
