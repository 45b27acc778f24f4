package io.syncjobs.core.run;

import io.syncjobs.core.Limits;
import io.syncjobs.core.run.PodView.Container;
import io.syncjobs.core.run.PodView.Container.Terminated;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** What the events of a pod add to what its status says. Events come latest first. */
public final class PodEvents {
    /** A container of the pod has got so far: the node, the volumes and the network are there. */
    private static final Set<String> PAST_THE_POD = Set.of("Pulling", "Pulled", "Created", "Started");

    private static final Set<String> PAST_THE_CONTAINER = Set.of("Created", "Started");

    private static final Set<String> QUIET = Set.of("ContainerCreating", "PodInitializing", "");

    private PodEvents() {}

    /** The event that explains best why the pod does not start; what it has got past explains nothing. */
    public static Optional<PodEvent> telling(PodView pod, List<PodEvent> events, Instant now) {
        var warnings = events.stream()
                .filter(PodEvent::warning)
                .filter(warning -> holds(pod, warning, events, now))
                .toList();
        return warnings.stream()
                .filter(warning ->
                        !Signals.ofWaiting(pod, warning.asWaiting()).row().vague())
                .findFirst()
                .or(() -> pulling(pod, events))
                .or(() -> warnings.stream().findFirst());
    }

    private static boolean holds(PodView pod, PodEvent warning, List<PodEvent> events, Instant now) {
        if (warning.reason().equals("FailedScheduling")) return pod.node().isEmpty();
        // A kubelet that backs off reports the cause seldom. But then the status of the container says that it backs
        // off.
        var repeated =
                !warning.container().isEmpty() || now.isBefore(warning.last().plus(Limits.WARNING_HOLDS));
        return repeated && events.stream().noneMatch(event -> ends(event, warning));
    }

    private static boolean ends(PodEvent event, PodEvent warning) {
        if (event.last().isBefore(warning.last())) return false;
        // Times are in seconds, and what a container met after it was made may have the same one.
        if (!warning.container().isEmpty())
            return PAST_THE_CONTAINER.contains(event.reason())
                    && event.container().equals(warning.container())
                    && event.last().isAfter(warning.last());
        return PAST_THE_POD.contains(event.reason())
                || (event.reason().equals("SuccessfulAttachVolume")
                        && warning.reason().equals("FailedAttachVolume")
                        && volume(event).equals(volume(warning)));
    }

    /** The volume that a message about an attachment names. */
    private static String volume(PodEvent event) {
        var before = "volume \"";
        var from = event.message().indexOf(before);
        if (from < 0) return "";
        var end = event.message().indexOf('"', from + before.length());
        return end < 0 ? "" : event.message().substring(from + before.length(), end);
    }

    /** The pull of an image that goes on, unless the pod's status says that it has failed. */
    private static Optional<PodEvent> pulling(PodView pod, List<PodEvent> events) {
        var quiet = pod.init().isEmpty()
                && pod.worker() instanceof Container.Waiting waiting
                && QUIET.contains(waiting.reason());
        return events.stream()
                .filter(event -> quiet && PAST_THE_POD.contains(event.reason()))
                .findFirst()
                .filter(event -> event.reason().equals("Pulling"));
    }

    /**
     * True if only the events of the pod tell whether its worker succeeded. 1. A probe or a hook of the worker fails. 2. The kubelet
     * tells the worker to end. 3. The worker ends with 0, and the pod counts as succeeded.
     */
    public static boolean areNeededFor(PodView pod, PodOutcome.Succeeded succeeded) {
        return pod.watched()
                && succeeded.end().exitCode() == 0
                && !succeeded.report().claimsSuccess();
    }

    /** The event that says that the kubelet told the worker to end. A probe that fails once is no such event. */
    public static Optional<PodEvent> kill(PodView pod, Terminated end, List<PodEvent> events) {
        // A kubelet may have killed an earlier life of the container, if admission lets the node restart it.
        Predicate<PodEvent> ofThisLife =
                event -> end.started().filter(event.last()::isBefore).isEmpty();
        return events.stream()
                .filter(event ->
                        event.container().isEmpty() || event.container().equals(pod.workerName()))
                .filter(PodEvents::tellsOfKill)
                .filter(ofThisLife)
                .findFirst();
    }

    private static boolean tellsOfKill(PodEvent event) {
        return switch (event.reason()) {
            case "FailedPostStartHook" -> true;
            case "Killing" ->
                event.message().contains("failed liveness probe")
                        || event.message().contains("failed startup probe")
                        || event.message().contains("FailedPostStartHook");
            default -> false;
        };
    }
}
