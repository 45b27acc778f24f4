package io.syncjobs.core;

import static java.util.Comparator.naturalOrder;
import static java.util.Objects.requireNonNullElse;

import io.syncjobs.api.State;
import io.syncjobs.api.SyncJobStatus;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;

/** The pods that no attempt needs any more: a living one of another attempt goes at once, an ended one after its time. */
final class OldPods {
    private OldPods() {}

    /** The deletion of one of them whose time has come. */
    static Optional<Step> toDelete(Observation seen) {
        return superfluous(seen)
                .filter(pod -> !seen.now().isBefore(deletionTime(seen, pod)))
                .findFirst()
                .map(Step.DeletePod::new);
    }

    /** When the time of the next one comes. */
    static Optional<Instant> nextDeletion(Observation seen) {
        return superfluous(seen).map(pod -> deletionTime(seen, pod)).min(naturalOrder());
    }

    /** A pod of a later attempt belongs to a state of the job that this observer, slow or no longer the leader, does not know yet. */
    private static Stream<PodView> superfluous(Observation seen) {
        var attempt = requireNonNullElse(seen.status().attempt(), 0);
        return seen.pods().stream()
                .filter(pod -> pod.deletion().isEmpty() && pod.attempt() <= attempt)
                .filter(pod -> !seen.status().state().occupying()
                        || !pod.name().equals(seen.status().worker()));
    }

    private static Instant deletionTime(Observation seen, PodView pod) {
        // One that came to nothing has no log that anybody could want; a node that refuses all would leave many.
        var began = pod.hasBegun() || pod.failedInit().isPresent();
        if (!pod.ended() || (!began && !isLast(seen.status(), pod))) return Instant.MIN;
        // They would run on beside those that have a place. The phase does not tell: a slow node is late with it.
        if (pod.othersRun()) return pod.endTime().plus(Limits.OTHERS_END);
        var succeeded = seen.status().state() == State.DONE && isLast(seen.status(), pod);
        return pod.endTime()
                .plus(succeeded ? seen.settings().donePod() : seen.settings().failedPod());
    }

    private static boolean isLast(SyncJobStatus status, PodView pod) {
        return pod.attempt() == requireNonNullElse(status.attempt(), 0);
    }
}
