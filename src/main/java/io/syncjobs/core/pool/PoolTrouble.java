package io.syncjobs.core.pool;

import static java.util.Comparator.comparing;

import io.syncjobs.api.Reason;
import io.syncjobs.api.SyncWorkerPool;
import io.syncjobs.core.Text;
import io.syncjobs.core.blame.Scene;
import io.syncjobs.core.blame.Verdict;
import io.syncjobs.core.run.PodOutcome;
import io.syncjobs.core.run.PodView;
import io.syncjobs.core.run.PodView.Container.Terminated;
import io.syncjobs.core.run.PodView.Container.Waiting;
import io.syncjobs.core.run.Refusals;
import io.syncjobs.core.run.Signals;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Why a pool lacks workers: a reason, and a message that says what to do. */
public record PoolTrouble(String reason, String message) {
    /** An object that the pool needs has a name that is taken already. */
    public static final String NAME_TAKEN = "NameTaken";

    /** The operator lacks rights to create the objects of the pool. */
    public static final String RIGHTS_MISSING = "RightsMissing";

    /**
     * How long a pod may take to start and to become ready before that counts as trouble. The condition Progressing reports it
     * meanwhile.
     */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** A pod that was refused is told of for so long. While nodes refuse pods, others follow at once. */
    private static final Duration RECENT = Duration.ofMinutes(1);

    /** Nobody finds this container in the template, so messages about it explain where it comes from. */
    private static final String AGENTS_RESOURCES = "The first init container, " + AgentContainer.NAME
            + ", is SyncJobs' own: its resources are the chart's value agent.resources.";

    /** What a kubelet reports about a container that ends again and again. */
    private static final String CRASH_LOOP = "CrashLoopBackOff";

    static PoolTrouble of(Reason reason, String message) {
        return new PoolTrouble(reason.toString(), Text.message(message));
    }

    /** No pod can be made from the template; we know that without asking the API server. */
    public static PoolTrouble template(String what) {
        return of(Reason.INVALID_TEMPLATE, what);
    }

    /** An object of that name exists and belongs to somebody else. */
    public static PoolTrouble nameTaken(PoolObjects.Child child, String owner) {
        return new PoolTrouble(
                NAME_TAKEN,
                Text.message(child.kind() + " " + child.name() + " exists already and " + owner
                        + "; delete it, or give the pool another name"));
    }

    /** The API server refused an object; {@code codes} has the HTTP status, and {@code words} is its message. */
    public static PoolTrouble refused(SyncWorkerPool pool, PoolObjects.Child child, List<String> codes, String words) {
        var what = child.kind() + " " + child.name();
        if (words.contains("attempting to grant RBAC permissions")
                || words.contains("cannot create resource")
                || words.contains("cannot patch resource")) {
            return new PoolTrouble(
                    RIGHTS_MISSING,
                    Text.withAdvice(
                            what + " was refused: " + words,
                            "The operator's Role or ClusterRole lacks rights: helm upgrade brings them back."));
        }
        var verdict = Refusals.of(codes, words);
        return told(verdict, what + " was refused: " + words, scene(pool, Optional.empty(), ""));
    }

    /** What keeps the pods from being created or from becoming ready; empty if nothing is known. */
    static Optional<PoolTrouble> of(SyncWorkerPool pool, PoolView seen, Instant now) {
        var refused = seen.deployment().map(PoolView.Rollout::refused).filter(words -> !words.isEmpty());
        if (refused.isPresent()) {
            // The condition of a Deployment has the words alone.
            var code = refused.get().contains(" is invalid: ") ? "422" : "403";
            var verdict = Refusals.of(List.of(code), refused.get());
            return Optional.of(told(verdict, "pods are refused: " + refused.get(), scene(pool, Optional.empty(), "")));
        }
        return seen.pods().stream()
                .filter(worker -> !worker.ready())
                .sorted(comparing(
                        PoolView.Worker::pod,
                        comparing(PodView::created).reversed().thenComparing(PodView::name)))
                .flatMap(worker -> of(pool, worker, now).stream())
                .findFirst();
    }

    private static Optional<PoolTrouble> of(SyncWorkerPool pool, PoolView.Worker worker, Instant now) {
        if (worker.pod().isOver()) return ended(pool, worker.pod(), now);
        return worker.agent().isEmpty()
                ? living(pool, worker, now)
                : Optional.of(crashes(pool, worker.pod(), AgentContainer.NAME, worker.agent()));
    }

    /**
     * Another pod has replaced it, and it stays until somebody deletes it: it was evicted, or its node was shut down. Only why nodes
     * refuse pods is worth telling, while they do.
     */
    private static Optional<PoolTrouble> ended(SyncWorkerPool pool, PodView pod, Instant now) {
        if (!now.isBefore(pod.created().plus(RECENT))) return Optional.empty();
        var scene = scene(pool, Optional.of(pod), pod.workerName());
        return switch (PodOutcome.of(pod)) {
            case PodOutcome.Refused refused -> Optional.of(told(refused.why(), refused.message(), scene));
            case PodOutcome.Lost lost
            when lost.why().reason() == Reason.POD_REFUSED -> Optional.of(told(lost.why(), lost.message(), scene));
            case PodOutcome other -> Optional.empty();
        };
    }

    private static Optional<PoolTrouble> living(SyncWorkerPool pool, PoolView.Worker worker, Instant now) {
        var pod = startedAgain(worker.pod());
        if (pod.worker() instanceof Waiting waiting && waiting.reason().equals(CRASH_LOOP))
            return Optional.of(crashes(pool, pod, pod.workerName(), waiting.message()));
        // The kubelet starts the container again, so the meaning that this end would have for a job does not matter.
        if (pod.worker() instanceof Terminated end) return Optional.of(crashes(pool, pod, end.container(), words(end)));
        var scene = scene(pool, Optional.of(pod), pod.workerName());
        var slow = !now.isBefore(pod.created().plus(PATIENCE));
        return switch (PodOutcome.of(pod)) {
            case PodOutcome.Starting starting when !slow && isUsual(pod, starting) -> Optional.empty();
            case PodOutcome.Running running when !slow -> Optional.empty();
            case PodOutcome.Starting starting ->
                Optional.of(
                        told(starting.why(), starting.message(), scene(pool, Optional.of(pod), starting.container())));
            case PodOutcome.Running running ->
                Optional.of(worker.unready().isEmpty() ? silent(pool, pod) : unready(pool, pod, worker.unready()));
            case PodOutcome.Refused refused -> Optional.of(told(refused.why(), refused.message(), scene));
            case PodOutcome.Failed failed ->
                Optional.of(crashes(pool, pod, failed.end().container(), words(failed.end())));
            case PodOutcome.Lost lost -> Optional.empty();
            case PodOutcome.Succeeded ended -> Optional.empty();
        };
    }

    /** A container that could not be started is tried again after a pause. Until then the pod looks as if it had ended. */
    private static PodView startedAgain(PodView pod) {
        return pod.worker() instanceof Terminated end && Signals.isOfKubelet(end.reason())
                ? pod.with(new Waiting("RunContainerError", end.message()))
                : pod;
    }

    /** True for a phase that every pod goes through. */
    private static boolean isUsual(PodView pod, PodOutcome.Starting starting) {
        var unseen = pod.worker() instanceof Waiting waiting && waiting.reason().equals(Waiting.NO_SCHEDULER);
        return starting.why().reason() == Reason.POD_STARTING
                || (unseen && pod.unschedulable().isEmpty());
    }

    private static String words(Terminated end) {
        return end.reason() + ", exit code " + end.exitCode();
    }

    private static PoolTrouble crashes(SyncWorkerPool pool, PodView pod, String container, String words) {
        return of(
                Reason.HANDLER_NOT_READY,
                "container " + container + " of pod " + pod.name() + " ends and is started again (" + words
                        + "); its log says why: kubectl logs -n "
                        + pool.getMetadata().getNamespace() + " " + pod.name()
                        + " -c " + container + " --previous");
    }

    private static PoolTrouble silent(SyncWorkerPool pool, PodView pod) {
        var port = pool.getSpec().handler().port();
        return of(
                Reason.HANDLER_NOT_READY,
                "pod " + pod.name() + " runs, but its handler does not answer on port " + port
                        + " of 127.0.0.1 or ::1 yet, or its agent does not reach the API server; if it stays so, the agent's log says which: kubectl logs -n "
                        + pool.getMetadata().getNamespace() + " " + pod.name() + " -c " + AgentContainer.NAME);
    }

    private static PoolTrouble unready(SyncWorkerPool pool, PodView pod, String container) {
        return of(
                Reason.HANDLER_NOT_READY,
                "container " + container + " of pod " + pod.name()
                        + " is not ready, so an update stops there, although the pod's handler accepts connections and its worker"
                        + " takes jobs. See its readinessProbe: the handler needs none, and no httpGet, tcpSocket or grpc reaches"
                        + " 127.0.0.1. kubectl describe pod -n "
                        + pool.getMetadata().getNamespace() + " " + pod.name() + " says more");
    }

    private static PoolTrouble told(Verdict why, String words, Scene scene) {
        var advice = why.whileItIsRetried(scene);
        var ofTheAgent = words.contains("template.spec.initContainers[0].resources")
                // A LimitRange does not say which container.
                || words.contains("per Container")
                || (why.reason() == Reason.QUOTA_EXCEEDED && words.contains(AgentContainer.NAME));
        return new PoolTrouble(
                why.reason().toString(), Text.withAdvice(words, ofTheAgent ? advice + " " + AGENTS_RESOURCES : advice));
    }

    private static Scene scene(SyncWorkerPool pool, Optional<PodView> pod, String container) {
        var meta = pool.getMetadata();
        var names = new HashMap<String, String>();
        names.put("namespace", meta.getNamespace());
        names.put(
                "template",
                container.equals(AgentContainer.NAME)
                        ? "the chart's values image and imagePullSecrets, which the agent is of"
                        : "spec.template of SyncWorkerPool " + meta.getName());
        names.put("pod", pod.map(PodView::name).orElse(""));
        names.put("node", pod.map(PodView::node).filter(node -> !node.isEmpty()).orElse("(unknown)"));
        names.put("container", container);
        return new Scene(false, Map.copyOf(names));
    }
}
