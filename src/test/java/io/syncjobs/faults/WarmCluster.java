package io.syncjobs.faults;

import static java.util.stream.Collectors.toSet;

import io.fabric8.kubernetes.api.model.Pod;
import io.syncjobs.api.State;
import io.syncjobs.cluster.Cluster;
import io.syncjobs.cluster.JobStatus;
import io.syncjobs.cluster.OwnRelease;
import io.syncjobs.cluster.Release;
import io.syncjobs.cluster.TestNamespace;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** A cluster of two nodes with the product and pools; all that is not a worker is on its first node. */
final class WarmCluster implements AutoCloseable {
    private static final String CLUSTER = "warm";

    private final Cluster cluster;
    private final OwnRelease own;
    private final Shop shop;
    private final List<WarmLoad> loads = new ArrayList<>();

    private WarmCluster(Cluster cluster, OwnRelease own, Shop shop) {
        this.cluster = cluster;
        this.own = own;
        this.shop = shop;
    }

    static WarmCluster start(Map<String, Object> values) {
        var cluster = Cluster.named(CLUSTER, 2);
        cluster.kubectl("cordon", node(2));
        var all = new HashMap<>(values);
        all.put("crds", Map.of("install", true));
        var own = OwnRelease.install("warm", all, TestNamespace.create(cluster, "warm-jobs"));
        var shop = Shop.open(own.jobs());
        cluster.kubectl("uncordon", node(2));
        return new WarmCluster(cluster, own, shop);
    }

    /** Pools of these names, of two workers each, of which a silent one is dead after so many seconds. */
    List<WarmLoad> loads(int deadAfterSeconds, String... names) {
        var made = Stream.of(names)
                .map(name -> WarmLoad.of(here(), shop, name, deadAfterSeconds))
                .toList();
        loads.addAll(made);
        return made;
    }

    Cluster cluster() {
        return cluster;
    }

    Release release() {
        return own.release();
    }

    TestNamespace here() {
        return own.jobs();
    }

    static String node(int number) {
        return Cluster.named(CLUSTER, 2).name() + "-" + number;
    }

    /** The worker that has run a job or runs it; waits until one does. */
    String worker(String job) {
        return here().job(job)
                .await("a worker has begun with it", WarmCluster::hasRun)
                .worker();
    }

    static boolean hasRun(JobStatus status) {
        return status.state() == State.STARTED || status.state().finished();
    }

    WorkerProcesses processes(String worker) {
        return WorkerProcesses.of(cluster, here().name(), worker);
    }

    WorkerProcesses operator(String pod) {
        return WorkerProcesses.of(cluster, release().namespace(), pod);
    }

    Set<String> workersOf(WarmLoad load) {
        return names(pods().filter(
                        pod -> load.name().equals(pod.getMetadata().getLabels().get("syncjobs.io/pool"))));
    }

    Set<String> workersOn(String node) {
        return names(pods().filter(pod -> node.equals(pod.getSpec().getNodeName())));
    }

    private Stream<Pod> pods() {
        var pods = cluster.client().pods().inNamespace(here().name());
        return pods.withLabel("syncjobs.io/pool").list().getItems().stream();
    }

    private static Set<String> names(Stream<Pod> pods) {
        return pods.map(pod -> pod.getMetadata().getName()).collect(toSet());
    }

    @Override
    public void close() {
        loads.forEach(WarmLoad::close);
        cluster.end();
    }
}
