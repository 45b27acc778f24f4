package io.syncjobs.core.run;

import io.syncjobs.core.blame.Source;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How the pod of a warm worker ended or is being ended, in the form in which the table of blame is asked.
 *
 * @param codes the words that Kubernetes uses for it, the most specific first
 * @param words the message of Kubernetes
 * @param story the same for a person
 */
public record WorkerEnd(Source source, List<String> codes, String words, String story) {
    /** The pod is gone, and nobody saw how it ended. */
    public static final WorkerEnd UNSEEN =
            new WorkerEnd(Source.POOL, List.of("Gone"), "", "its worker is gone, and nobody saw how");

    /** How a pod ends; empty while nothing has asked it to end. */
    public static Optional<WorkerEnd> of(PodView pod) {
        var node = pod.node().isEmpty() ? "" : " (node " + pod.node() + ")";
        if (pod.disruption().isPresent()) {
            var told = pod.disruption().get();
            var codes = new ArrayList<>(List.of(told.reason()));
            if (!pod.reason().isEmpty()) codes.add(pod.reason());
            if (Signals.isDisrupted(pod)) codes.add(Signals.DISRUPTED);
            var words = told.message() + " " + pod.message();
            return Optional.of(new WorkerEnd(
                    Source.DISRUPTION, List.copyOf(codes), words, told.reason() + ": " + told.message() + node));
        }
        if (pod.deletion().isPresent())
            return Optional.of(
                    new WorkerEnd(Source.POOL, List.of("Deleted"), "", "the pod of its worker was deleted" + node));
        if (!pod.isOver()) return Optional.empty();
        if (pod.reason().isEmpty() && !Signals.isRejected(pod))
            return Optional.of(
                    new WorkerEnd(Source.POOL, List.of("Ended"), "", "the pod of its worker has ended" + node));
        var codes = Signals.isRejected(pod) ? List.of(pod.reason(), Signals.REJECTED) : List.of(pod.reason());
        return Optional.of(
                new WorkerEnd(Source.DISRUPTION, codes, pod.message(), pod.reason() + ": " + pod.message() + node));
    }
}
