package io.syncjobs.core.run;

import io.syncjobs.core.blame.Blame;
import io.syncjobs.core.blame.Fact;
import io.syncjobs.core.blame.Party;
import io.syncjobs.core.blame.Signal;
import io.syncjobs.core.blame.Source;
import io.syncjobs.core.blame.Verdict;
import io.syncjobs.core.run.PodView.Container;
import io.syncjobs.core.run.PodView.Container.Terminated;
import io.syncjobs.core.run.PodView.Unscheduled;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Turns what was seen of a pod into the signal with which the table of blame is asked. */
public final class Signals {
    private static final Set<String> IMAGE = Set.of(
            "ErrImagePull",
            "ImagePullBackOff",
            "InvalidImageName",
            "ErrImageNeverPull",
            "ImageInspectError",
            "RegistryUnavailable",
            "SignatureValidationFailed");

    private static final Set<String> OF_KUBELET = Set.of("StartError", "ContainerCannotRun");

    /** Our own code: a condition of the pod says that it is ended for the cluster's sake. */
    static final String DISRUPTED = "Disruption";

    /** Our own code: a kubelet does not take the pod. */
    static final String REJECTED = "Rejected";

    /** Our own code: an event says that the kubelet told the worker to end. */
    private static final String KILLED = "KilledByKubelet";

    /** Whoever gives the pod a container is to blame in place of these. */
    private static final Set<Party> OF_THE_POD = Set.of(Party.TEMPLATE, Party.NAMESPACE, Party.ACTION);

    private Signals() {}

    /** True for the end of a container that could not be started: the kubelet wrote its termination message. */
    public static boolean isOfKubelet(String reason) {
        return OF_KUBELET.contains(reason);
    }

    static Verdict ofEnd(PodView pod, Terminated end) {
        var codes = new ArrayList<String>();
        if (pod.reason().equals(PodView.OVER_TIME)) codes.add(pod.reason());
        codes.add(end.reason());
        codes.add("exit " + end.exitCode());
        var init = pod.init().filter(one -> one.name().equals(end.container()));
        var facts = EnumSet.noneOf(Fact.class);
        init.ifPresent(one -> facts.add(Fact.INIT));
        if (init.filter(PodView.Init::added).isPresent()) facts.add(Fact.ADDED);
        if (init.map(PodView.Init::limited).orElse(pod.memory().limited())) facts.add(Fact.MEMORY_LIMITED);
        if (pod.memory().othersOut()) facts.add(Fact.OTHER_OUT_OF_MEMORY);
        if (pod.watched()) facts.add(Fact.WATCHED);
        // The table sees the message only if the node wrote it: a worker's own words do not decide who is responsible.
        return Blame.of(new Signal(Source.WORKER, codes, isOfKubelet(end.reason()) ? end.message() : "", facts));
    }

    /** If a pod fails before any container ran, and nobody asked it to end, its kubelet refused it. */
    static Verdict ofDisruption(PodView pod) {
        var facts = EnumSet.noneOf(Fact.class);
        if (pod.made().namesNode()) facts.add(Fact.NODE_OF_TEMPLATE);
        if (pod.hasBegun()) facts.add(Fact.BEGUN);
        var codes = new ArrayList<String>();
        pod.disruption().ifPresent(d -> codes.add(d.reason()));
        if (!pod.reason().isEmpty()) codes.add(pod.reason());
        if (isDisrupted(pod)) codes.add(DISRUPTED);
        if (codes.isEmpty() && pod.deletion().isPresent()) codes.add("Deleted");
        if (isRejected(pod)) codes.add(REJECTED);
        var words = pod.disruption().map(PodView.Disruption::message).orElse("") + " " + pod.message();
        var refused = !pod.hasBegun()
                && !pod.reason().isEmpty()
                && !pod.reason().equals(PodView.OVER_TIME)
                && !hadTaken(pod)
                && pod.disruption()
                        .filter(d -> !d.reason().equals(pod.reason()))
                        .isEmpty();
        return Blame.of(new Signal(refused ? Source.REFUSAL : Source.DISRUPTION, codes, words, facts));
    }

    /** True if a condition of the pod says that it is ended for the cluster's sake. Any controller may set one, with its own reason. */
    static boolean isDisrupted(PodView pod) {
        return pod.disruption()
                .filter(told -> !told.reason().equals(pod.reason()))
                .isPresent();
    }

    /**
     * True if the reason is one with which a kubelet ends pods that it had taken. 1. A container starts and fills its volume.
     * 2. The kubelet ends the pod. 3. Its status may still show the container as waiting. A kubelet that refuses a pod also says
     * Evicted, but then it names a condition of the node.
     */
    private static boolean hadTaken(PodView pod) {
        var refusal = pod.message().contains("The node had condition");
        return pod.reason().equals("Preempting") || (pod.reason().equals("Evicted") && !refusal);
    }

    /**
     * True if a kubelet rejected the pod. That also happens to a pod that ran: 1. The kubelet or its node restarts. 2. It looks anew
     * at the pods that it has. 3. The node has changed, or a device is missing, so it ends the pod.
     */
    static boolean isRejected(PodView pod) {
        if (pod.emptied()) return true;
        if (!pod.phase().equals("Failed")) return false;
        // A kubelet also says Evicted of a pod that it ends. Its own words are sure, whoever wanted the pod to end
        // besides.
        return pod.message().startsWith("Pod was rejected")
                || (pod.disruption().isEmpty() && Blame.knows(Source.REFUSAL, pod.reason()));
    }

    /** A pod may also be deleted because its node is silent. Only an intended deletion says more than the silence. */
    public static Verdict ofSilentNode(PodView pod) {
        var meant = pod.disruption().filter(d -> !d.reason().equals("DeletionByTaintManager"));
        return meant.isPresent() ? ofDisruption(pod) : ofOperator("NodeSilent", pod.hasBegun());
    }

    static Verdict ofScheduler(Unscheduled scheduler) {
        var facts = scheduler.gateAdded() ? Set.of(Fact.ADDED) : Set.<Fact>of();
        return Blame.of(new Signal(Source.SCHEDULER, List.of(scheduler.reason()), scheduler.message(), facts));
    }

    /** The kubelet told a worker to end that ended with 0. */
    public static Verdict ofKill() {
        return Blame.of(Signal.of(Source.WORKER, KILLED, ""));
    }

    static Verdict ofInit() {
        return Blame.of(Signal.of(Source.START, "InitRunning", "", Fact.INIT));
    }

    /** A container that admission has added cannot have what it asks for, or ends again and again. */
    static Verdict ofWaiting(PodView pod, PodView.Init init, Container.Waiting waiting) {
        var why = ofWaiting(pod, waiting);
        return init.added() && OF_THE_POD.contains(why.row().party()) ? ofWaiting(waiting, Set.of(Fact.ADDED)) : why;
    }

    /** Why the worker of a pod does not start, by the state of its container or by an event about it. */
    public static Verdict ofWaiting(PodView pod, Container.Waiting waiting) {
        return ofWaiting(waiting, pod.made().namesNode() ? Set.of(Fact.NODE_OF_TEMPLATE) : Set.of());
    }

    private static Verdict ofWaiting(Container.Waiting waiting, Set<Fact> facts) {
        var image = imageCode(waiting);
        return Blame.of(new Signal(
                image.isPresent() ? Source.IMAGE : Source.START,
                List.of(image.orElse(waiting.reason())),
                waiting.message(),
                facts));
    }

    /** Events use other codes for the same problem: a kubelet reports an image problem there as Failed. */
    private static Optional<String> imageCode(Container.Waiting waiting) {
        if (IMAGE.contains(waiting.reason())) return Optional.of(waiting.reason());
        if (waiting.reason().equals("InspectFailed"))
            return Optional.of(
                    waiting.message().contains("parse image name") ? "InvalidImageName" : "ImageInspectError");
        var pull = waiting.reason().equals("Failed") && waiting.message().contains("pull image");
        // "Error: ErrImagePull" stands beside the event that says why.
        var again = waiting.reason().equals("Failed") && IMAGE.stream().anyMatch(waiting.message()::endsWith);
        var backOff = again
                || (waiting.reason().equals("BackOff") && waiting.message().contains("pulling image"));
        if (pull) return Optional.of("ErrImagePull");
        return backOff ? Optional.of("ImagePullBackOff") : Optional.empty();
    }

    /** The verdict on a problem that the operator itself found. */
    public static Verdict ofOperator(String code, boolean begun) {
        return Blame.of(
                begun ? Signal.of(Source.OPERATOR, code, "", Fact.BEGUN) : Signal.of(Source.OPERATOR, code, ""));
    }
}
