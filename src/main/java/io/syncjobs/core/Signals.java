package io.syncjobs.core;

import io.syncjobs.core.PodView.Container;
import io.syncjobs.core.PodView.Container.Terminated;
import io.syncjobs.core.PodView.Unscheduled;
import io.syncjobs.core.blame.Blame;
import io.syncjobs.core.blame.Fact;
import io.syncjobs.core.blame.Signal;
import io.syncjobs.core.blame.Source;
import io.syncjobs.core.blame.Verdict;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** From what was seen of a pod to the signal that the table of blame is asked about. */
final class Signals {
    private static final Set<String> IMAGE = Set.of(
            "ErrImagePull",
            "ImagePullBackOff",
            "InvalidImageName",
            "ErrImageNeverPull",
            "ImageInspectError",
            "RegistryUnavailable",
            "SignatureValidationFailed");

    private static final Set<String> OF_KUBELET = Set.of("StartError", "ContainerCannotRun");

    private Signals() {}

    /** True where the termination message is not the container's. */
    static boolean isOfKubelet(Terminated end) {
        return OF_KUBELET.contains(end.reason());
    }

    static Verdict ofEnd(PodView pod, Terminated end) {
        var codes = new ArrayList<String>();
        if (pod.reason().equals("DeadlineExceeded")) codes.add(pod.reason());
        codes.add(end.reason());
        codes.add("exit " + end.exitCode());
        var init = pod.init().filter(one -> one.name().equals(end.container()));
        var facts = EnumSet.noneOf(Fact.class);
        init.ifPresent(one -> facts.add(Fact.INIT));
        if (init.map(PodView.Init::limited).orElse(pod.memory().limited())) facts.add(Fact.MEMORY_LIMITED);
        if (pod.memory().othersOut()) facts.add(Fact.OTHER_OUT_OF_MEMORY);
        // What a worker says about itself is not what its node says about it.
        return Blame.of(new Signal(Source.WORKER, codes, isOfKubelet(end) ? end.message() : "", facts));
    }

    /** A pod that has failed before any container ran, and that nobody has asked to end, was refused by its kubelet. */
    static Verdict ofDisruption(PodView pod) {
        var facts = EnumSet.noneOf(Fact.class);
        if (pod.made().namesNode()) facts.add(Fact.NODE_OF_TEMPLATE);
        if (pod.hasBegun()) facts.add(Fact.BEGUN);
        var codes = new ArrayList<String>();
        pod.disruption().ifPresent(d -> codes.add(d.reason()));
        if (!pod.reason().isEmpty()) codes.add(pod.reason());
        if (codes.isEmpty() && pod.deletion().isPresent()) codes.add("Deleted");
        var words = pod.disruption().map(PodView.Disruption::message).orElse("") + " " + pod.message();
        var refused = !pod.hasBegun()
                && !pod.reason().isEmpty()
                && !pod.reason().equals("DeadlineExceeded")
                && pod.disruption()
                        .filter(d -> !d.reason().equals(pod.reason()))
                        .isEmpty();
        return Blame.of(new Signal(refused ? Source.REFUSAL : Source.DISRUPTION, codes, words, facts));
    }

    /** Pods are also deleted since their node is silent: only where somebody meant it that says more than the silence. */
    static Verdict ofSilentNode(PodView pod) {
        var meant = pod.disruption().filter(d -> !d.reason().equals("DeletionByTaintManager"));
        return meant.isPresent() ? ofDisruption(pod) : ofOperator("NodeSilent", pod.hasBegun());
    }

    static Verdict ofScheduler(Unscheduled scheduler) {
        return Blame.of(Signal.of(Source.SCHEDULER, scheduler.reason(), scheduler.message()));
    }

    static Verdict ofInit(PodView pod) {
        return Blame.of(Signal.of(Source.START, "InitRunning", "", Fact.INIT));
    }

    static Verdict ofWaiting(PodView pod, Container.Waiting waiting) {
        var facts = pod.made().namesNode() ? Set.of(Fact.NODE_OF_TEMPLATE) : Set.<Fact>of();
        var image = imageCode(waiting);
        return Blame.of(new Signal(
                image.isPresent() ? Source.IMAGE : Source.START,
                List.of(image.orElse(waiting.reason())),
                waiting.message(),
                facts));
    }

    /** Events have other codes for the same: Failed is all that a kubelet says there of an image. */
    private static Optional<String> imageCode(Container.Waiting waiting) {
        if (IMAGE.contains(waiting.reason())) return Optional.of(waiting.reason());
        var pull = waiting.reason().equals("Failed") && waiting.message().contains("pull image");
        var backOff = waiting.reason().equals("BackOff") && waiting.message().contains("pulling image");
        if (pull) return Optional.of("ErrImagePull");
        return backOff ? Optional.of("ImagePullBackOff") : Optional.empty();
    }

    /** What the operator finds by itself. */
    static Verdict ofOperator(String code, boolean begun) {
        return Blame.of(
                begun ? Signal.of(Source.OPERATOR, code, "", Fact.BEGUN) : Signal.of(Source.OPERATOR, code, ""));
    }
}
