package io.syncjobs.core.job;

import static java.util.Comparator.naturalOrder;

import io.syncjobs.api.State;
import io.syncjobs.core.JobFields;
import io.syncjobs.core.Limits;
import io.syncjobs.core.run.PodView;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;

/** The pods that no attempt needs any more. A living pod of another attempt is deleted at once, an ended pod after its time. */
final class OldPods {
    private OldPods() {}

    /** Deletes one of these pods if its time has come. */
    static Optional<Step> toDelete(Observation seen) {
        return superfluous(seen)
                .filter(pod -> !seen.now().isBefore(deletionTime(seen, pod)))
                .findFirst()
                .map(Step.DeletePod::new);
    }

    /** The time at which the next one of these pods is deleted. */
    static Optional<Instant> nextDeletion(Observation seen) {
        return superfluous(seen).map(pod -> deletionTime(seen, pod)).min(naturalOrder());
    }

    /**
     * A pod of a later attempt is left alone: this operator may be slow or may have lost the lead, and does not know that attempt
     * yet.
     */
    private static Stream<PodView> superfluous(Observation seen) {
        var attempt = JobFields.attemptOf(seen.job());
        return seen.pods().stream()
                .filter(pod -> pod.deletion().isEmpty() && pod.attempt() <= attempt)
                .filter(pod -> !seen.status().state().occupying()
                        || !pod.name().equals(seen.status().worker()));
    }

    private static Instant deletionTime(Observation seen, PodView pod) {
        // A pod that never began has no log that anybody wants. A node that refuses all pods would leave many of them.
        var began = pod.hasBegun() || pod.failedInit().isPresent();
        if (!pod.ended() || (!began && !isLast(seen, pod))) return Instant.MIN;
        // The other containers would run on beside jobs that hold a place. The pod's phase does not help, because a
        // slow node reports it late.
        if (pod.othersRun()) return pod.endTime().plus(Limits.OTHERS_END);
        var succeeded = seen.status().state() == State.DONE && isLast(seen, pod);
        return pod.endTime()
                .plus(succeeded ? seen.settings().donePod() : seen.settings().failedPod());
    }

    private static boolean isLast(Observation seen, PodView pod) {
        return pod.attempt() == JobFields.attemptOf(seen.job());
    }
}
