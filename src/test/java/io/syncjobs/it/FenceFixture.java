package io.syncjobs.it;

import static io.syncjobs.cluster.Manifest.job;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.syncjobs.api.RawJson;
import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncWorkerPool;
import io.syncjobs.api.SyncWorkerPoolSpec;
import io.syncjobs.cluster.Json;
import io.syncjobs.cluster.TestNamespace;
import io.syncjobs.cluster.WarmJobs;
import io.syncjobs.core.pool.PoolObjects;
import io.syncjobs.core.settings.Settings;
import io.syncjobs.kube.Api;
import io.syncjobs.kube.Apply;
import io.syncjobs.kube.Pools;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** The rights of pools, and jobs in every state that a worker may meet. */
final class FenceFixture {
    private final TestNamespace here;
    private final WorkerAccount repairs;
    private final String worker;
    private int made;

    FenceFixture(TestNamespace here, WorkerAccount repairs, String worker) {
        this.here = here;
        this.repairs = repairs;
        this.worker = worker;
    }

    /** Applies the account, Role and RoleBinding of a pool, as the operator does. */
    static void rightsOf(TestNamespace here, String name) {
        var pool = new SyncWorkerPool();
        pool.getMetadata().setName(name);
        pool.getMetadata().setNamespace(here.name());
        pool.getMetadata().setUid("none");
        var handler = new SyncWorkerPoolSpec.Handler(8080, null, null);
        var template = "{\"spec\":{\"containers\":[{\"name\":\"handler\",\"image\":\"x\"}]}}";
        pool.setSpec(new SyncWorkerPoolSpec(1, 1, null, null, handler, RawJson.of(template)));
        var settings = Settings.from(Map.of()).agent();
        var client = here.cluster().client();
        var pools = new Pools(Api.of(client), Apply.of(client));
        for (var child : PoolObjects.of(pool, (ObjectNode) Json.read(template), settings, new TreeMap<>())) {
            // Its owner is not there: the garbage collector would take it away.
            ((ObjectNode) child.json().path("metadata")).remove("ownerReferences");
            if (!child.kind().equals("Deployment")) pools.apply(child);
        }
        Accounts.inForce(
                here,
                "system:serviceaccount:" + here.name() + ":syncjobs-pool-" + name,
                "patch",
                "syncjobs.syncjobs.io/status");
    }

    String path(SyncJob job) {
        return "/apis/syncjobs.io/v1alpha1/namespaces/" + here.name() + "/syncjobs/"
                + job.getMetadata().getName();
    }

    /** A new job as {@code given}, see {@link WarmJobs#status}. */
    SyncJob make(String given) {
        var name = given.toLowerCase(Locale.ROOT) + "-" + made++;
        here.create(job(name));
        var fresh = repairs.jobs().read(here.name(), name).orElseThrow();
        var status = WarmJobs.status(fresh, given, worker);
        return repairs.jobs().writeStatus(fresh, status);
    }
}
