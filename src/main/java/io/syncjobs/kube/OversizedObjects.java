package io.syncjobs.kube;

import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Remembers objects that are too large for any write, each until its version changes. */
final class OversizedObjects {
    private final Map<String, String> versions = new ConcurrentHashMap<>();
    private final Map<String, String> told = new ConcurrentHashMap<>();

    /** True if a write to this version was refused for its size. */
    boolean contains(HasMetadata object) {
        var meta = object.getMetadata();
        return meta.getResourceVersion().equals(versions.get(meta.getUid()));
    }

    void note(HasMetadata object) {
        versions.put(object.getMetadata().getUid(), object.getMetadata().getResourceVersion());
    }

    /** Returns true once for each version that is too large. */
    boolean mustTell(HasMetadata object) {
        var meta = object.getMetadata();
        return contains(object)
                && !meta.getResourceVersion().equals(told.put(meta.getUid(), meta.getResourceVersion()));
    }

    Set<String> uids() {
        return Set.copyOf(versions.keySet());
    }

    /** Forgets objects that were deleted. */
    void forget(Collection<String> uids) {
        versions.keySet().removeAll(uids);
        told.keySet().removeAll(uids);
    }
}
