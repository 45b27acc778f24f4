package io.syncjobs.cluster;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The product installed for one test alone, in a second cluster, serving one namespace: what it does to operator and scheduler
 * disturbs nobody.
 */
public record OwnRelease(Release release, TestNamespace jobs) implements AutoCloseable {
    private static final String CLUSTER = "test2";
    private static final Duration LIMIT = Duration.ofMinutes(2);

    /** For a test that has to do with the minute runs: as often as by default. */
    public static final Map<String, Object> EACH_MINUTE = Map.of("schedule", "* * * * *");

    /** Each installation starts two JVMs: one at a time on a machine with two cores. */
    private static final ReentrantLock INSTALLING = new ReentrantLock();

    /** The clusters that have the definitions: each installation would install them anew. */
    private static final Set<String> HAVE_DEFINITIONS = new HashSet<>();

    /** Installs with these values; {@code label} stands in the names. */
    public static OwnRelease install(String label, Map<String, Object> values) {
        return install(label, values, TestNamespace.create(Cluster.named(CLUSTER), label + "-jobs"));
    }

    /** Installs with these values to serve a namespace that is there already. */
    public static OwnRelease install(String label, Map<String, Object> values, TestNamespace jobs) {
        var cluster = jobs.cluster();
        var name = "syncjobs-" + label + "-" + UUID.randomUUID().toString().substring(0, 4);
        INSTALLING.lock();
        try {
            var release = Release.install(cluster, name, name, with(jobs, values));
            HAVE_DEFINITIONS.add(cluster.name());
            return new OwnRelease(release, jobs.servedBy(release));
        } finally {
            INSTALLING.unlock();
        }
    }

    /** Installs the version before this one with these values. */
    public static OwnRelease installPrevious(String label, Map<String, Object> values) {
        var jobs = TestNamespace.create(Cluster.named(CLUSTER), label + "-jobs");
        var name = "syncjobs-" + label + "-" + UUID.randomUUID().toString().substring(0, 4);
        INSTALLING.lock();
        try {
            var release = Release.installPrevious(jobs.cluster(), name, with(jobs, values));
            HAVE_DEFINITIONS.add(CLUSTER);
            return new OwnRelease(release, jobs.servedBy(release));
        } finally {
            INSTALLING.unlock();
        }
    }

    /** Goes back to what was installed before; {@code first} comes when nothing else is being installed any more. */
    public void rollback(Runnable first) {
        INSTALLING.lock();
        try {
            first.run();
            release.rollback();
        } finally {
            INSTALLING.unlock();
        }
    }

    /** Installs it again with these values and no others. */
    public void upgrade(Map<String, Object> values) {
        upgrade(values, () -> {});
    }

    /** The same; {@code first} comes when nothing else is being installed any more. */
    public void upgrade(Map<String, Object> values, Runnable first) {
        INSTALLING.lock();
        try {
            first.run();
            release.upgrade(with(jobs, values));
        } finally {
            INSTALLING.unlock();
        }
    }

    private static Map<String, Object> with(TestNamespace jobs, Map<String, Object> values) {
        var all = new HashMap<>(values);
        all.putIfAbsent("watchNamespaces", List.of(jobs.name()));
        all.put("reasons", Map.of("afterSeconds", 2));
        all.putIfAbsent("enqueuer", Release.RARE_RUNS);
        all.putIfAbsent(
                "crds",
                Map.of("install", !HAVE_DEFINITIONS.contains(jobs.cluster().name())));
        return all;
    }

    /** Uninstalls it and waits until its pods are gone; no-op where that was done. */
    public void uninstall() {
        var namespace = release.namespace();
        var cluster = release.cluster();
        cluster.run(LIMIT, "helm", "", "uninstall", namespace, "--namespace", namespace, "--ignore-not-found", "--wait")
                .orThrow();
    }

    @Override
    public void close() {
        jobs.delete();
        uninstall();
        var cluster = release.cluster();
        cluster.client().namespaces().withName(release.namespace()).delete();
    }
}
