package io.syncjobs.kube;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The namespaces that a process serves: all, or those that are named. A named namespace that is deleted, or that the process may
 * not read, does not stop the others. The log says once when it goes and once when it is back.
 */
public final class Served {
    private static final Logger LOG = LoggerFactory.getLogger(Served.class);

    private final List<String> namespaces;
    private final Set<String> closed = ConcurrentHashMap.newKeySet();

    /** {@code namespaces} is empty for all. */
    public Served(List<String> namespaces) {
        this.namespaces = List.copyOf(namespaces);
    }

    /**
     * Runs {@code part} with each namespace as a list of one, or with an empty list for all namespaces.
     *
     * @return the namespaces for which it failed
     * @throws ApiException for any failure that is not due to one named namespace
     */
    public Set<String> each(Consumer<List<String>> part) {
        if (namespaces.isEmpty()) {
            part.accept(List.of());
            return Set.of();
        }
        for (var namespace : namespaces) {
            try {
                part.accept(List.of(namespace));
                if (closed.remove(namespace)) LOG.info("namespace {} is served again", namespace);
            } catch (ApiException e) {
                if (!e.isForbidden() && !e.isNotFound()) throw e;
                if (closed.add(namespace))
                    LOG.warn("namespace {} is not served, the others are: {}", namespace, e.getMessage());
            }
        }
        return Set.copyOf(closed);
    }

    /** True if the last try with this namespace failed. */
    public boolean isClosed(String namespace) {
        return closed.contains(namespace);
    }
}
