package io.syncjobs.core;

import static java.util.Objects.requireNonNullElse;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Conditions in a status, as Kubernetes has them. */
public final class Conditions {
    private Conditions() {}

    /** The condition of this type; empty if there is none. */
    public static Optional<Condition> find(@Nullable List<Condition> all, String type) {
        return requireNonNullElse(all, List.<Condition>of()).stream()
                .filter(condition -> condition.getType().equals(type))
                .findFirst();
    }

    /**
     * A condition of {@code about} as of now. Its transition time stays as long as its status does.
     *
     * @param before the conditions that the status has had
     */
    public static Condition of(
            HasMetadata about,
            @Nullable List<Condition> before,
            String type,
            boolean holds,
            String reason,
            String message,
            Instant now) {
        var status = holds ? "True" : "False";
        var since = find(before, type)
                .filter(same -> same.getStatus().equals(status))
                .map(Condition::getLastTransitionTime)
                .orElse(now.truncatedTo(ChronoUnit.SECONDS).toString());
        return new ConditionBuilder()
                .withType(type)
                .withStatus(status)
                .withReason(reason)
                .withMessage(message)
                .withLastTransitionTime(since)
                .withObservedGeneration(about.getMetadata().getGeneration())
                .build();
    }
}
