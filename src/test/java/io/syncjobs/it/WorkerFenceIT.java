package io.syncjobs.it;

import static io.syncjobs.cluster.Manifest.pool;
import static io.syncjobs.cluster.Manifest.queue;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.utils.Serialization;
import io.syncjobs.api.SyncJob;
import io.syncjobs.cluster.ClusterTest;
import io.syncjobs.cluster.Json;
import io.syncjobs.cluster.OwnRelease;
import io.syncjobs.cluster.TestNamespace;
import io.syncjobs.cluster.WarmJobs;
import io.syncjobs.cluster.WarmJobs.Forbidden;
import io.syncjobs.core.JobFields;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the API server lets a warm worker write, and what not, by real tokens that are bound to real pods.
 *
 * <p>{@code root} may do everything that RBAC can give; {@code mine} is the pod that has the jobs, {@code mate} another one of the same pool, {@code other} one of another pool,
 * {@code unbound} the pool's account with a token of no pod, {@code controller} an account that has nothing to do with SyncJobs and
 * may do with everything what its Role enumerates, as Kubernetes' own garbage collector may, {@code neighbour} a pod of the same name and pool in another
 * namespace. The jobs: {@code Old} is Started and has a full history; {@code Stopped} and {@code Withdrawn} (not yet started)
 * are to become Cancelled, {@code Retried} is to be tried again; {@code Isolated} runs in a pod of its own, of {@code mine}'s
 * name; {@code Foreign} is of the other pool.
 */
@ClusterTest
@TestInstance(Lifecycle.PER_CLASS)
@Execution(ExecutionMode.SAME_THREAD)
class WorkerFenceIT {
    private static final String MINE = "shop-7f-a";

    private final Map<String, WorkerAccount> accounts = new HashMap<>();
    private final Map<String, SyncJob> jobs = new HashMap<>();
    private OwnRelease own;
    private TestNamespace elsewhere;
    private FenceFixture fixture;

    /** The product itself does nothing here: what it would make of such jobs is another test's business. */
    @BeforeAll
    void install() {
        own = OwnRelease.install(
                "fence",
                Map.of(
                        "enqueuer", Map.of("suspend", true),
                        "statusWriters", Map.of("exemptGroups", List.of("repair-crew"))));
        own.release().leader();
        own.release().scaleOperator(0);
        var here = own.jobs();
        elsewhere = TestNamespace.create(here.cluster(), "fence-elsewhere");
        FenceFixture.rightsOf(here, "shop");
        FenceFixture.rightsOf(here, "other");
        FenceFixture.rightsOf(elsewhere, "shop");
        accounts.put("repairs", WorkerAccount.as(here, "jo", "repair-crew", "system:masters"));
        accounts.put("root", WorkerAccount.as(here, "root", "system:masters"));
        accounts.put("operator", WorkerAccount.as(here, own.release().operatorUser(), "system:authenticated"));
        accounts.put("mine", WorkerAccount.ofPod(here, "syncjobs-pool-shop", MINE));
        accounts.put("mate", WorkerAccount.ofPod(here, "syncjobs-pool-shop", "shop-7f-b"));
        accounts.put("other", WorkerAccount.ofPod(here, "syncjobs-pool-other", "other-7f-a"));
        accounts.put("controller", controller(here));
        accounts.put("unbound", WorkerAccount.withoutPod(here, "syncjobs-pool-shop"));
        accounts.put("neighbour", WorkerAccount.ofPod(elsewhere, "syncjobs-pool-shop", MINE));
        fixture = new FenceFixture(here, who("repairs"), MINE);
        here.kubectl("create", "secret", "generic", "password", "--from-literal=a=b");
        here.apply(pool("shop"), queue("q"));
        assertThat(who("root")
                        .refusal("create", path("leases"), Json.text(Map.of("metadata", Map.of("name", "leader")))))
                .isEmpty();
        for (var pod : List.of("mine", "mate", "other"))
            assertThat(who(pod).refusal("create", path("leases"), lease(pod)))
                    .as("the Lease of " + pod)
                    .isEmpty();
    }

    /** Verbs that are enumerated include none of SyncJobs' own. */
    private static WorkerAccount controller(TestNamespace here) {
        here.kubectl("create", "serviceaccount", "controller");
        here.cluster().apply(here.name(), """
                apiVersion: rbac.authorization.k8s.io/v1
                kind: Role
                metadata: {name: controller}
                rules:
                  - {apiGroups: ["*"], resources: ["*"], verbs: [get, list, watch, create, update, patch, delete]}
                """);
        here.kubectl(
                "create",
                "rolebinding",
                "controller",
                "--role=controller",
                "--serviceaccount=" + here.name() + ":controller");
        Accounts.inForce(
                here, "system:serviceaccount:" + here.name() + ":controller", "patch", "leases.coordination.k8s.io");
        return WorkerAccount.withoutPod(here, "controller");
    }

    @AfterAll
    void uninstall() {
        accounts.values().forEach(WorkerAccount::close);
        if (elsewhere != null) elsewhere.delete();
        if (own != null) own.close();
    }

    static List<String> needed() {
        return WarmJobs.NEEDED;
    }

    static Stream<Forbidden> forbidden() {
        return WarmJobs.forbidden();
    }

    @ParameterizedTest
    @MethodSource("needed")
    void aWorkerDoesWithItsJobWhatIsItsWork(String row) {
        var words = row.split(" ", -1);
        var job = fixture.make(words[0]);

        var written = who("mine").jobs().writeStatus(job, WarmJobs.next(job, WarmJobs.step(words[1])));

        assertThat(JobFields.statusOf(written).state())
                .isNotEqualTo(JobFields.statusOf(job).state());
    }

    @ParameterizedTest
    @MethodSource("forbidden")
    void whatIsNotAWorkersToWriteIsRefused(Forbidden row) {
        var job = jobs.computeIfAbsent(row.given(), fixture::make);
        var next = WarmJobs.next(job, WarmJobs.step(row.step()));
        var status = Map.of("status", WarmJobs.patch(job.getStatus(), next, row.change()));

        var refusal = who(row.who()).refusal("patch", fixture.path(job) + "/status?dryRun=All", Json.text(status));

        // Where two policies refuse it, either may answer.
        assertThat(refusal).containsAnyOf(row.why(), "only the pod that holds the enqueuer's Lease may enqueue jobs");
    }

    /** Paths are those of the namespace; {job} is a job that mine has. Nothing of it is kept. */
    @ParameterizedTest(name = "{0}: {1} {2} {3}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            nullValues = "passes",
            value = {
                // Its own Lease, and no other.
                "mine | patch | leases/shop-7f-a | {spec: {renewTime: '2026-01-01T00:00:00.000000Z', holderIdentity: i}} | passes",
                "mine | patch | leases/shop-7f-a | {metadata: {annotations: {syncjobs.io/worker-state: Draining}}} | passes",
                "mine | get | leases/shop-7f-a | {} | passes",
                "mine | get | leases?watch=1&timeoutSeconds=1&fieldSelector=metadata.name=shop-7f-a | {} | passes",
                "neighbour | get | leases?watch=1&timeoutSeconds=1&fieldSelector=metadata.name=shop-7f-a | {} | cannot watch",
                "mine | patch | leases/shop-7f-b | {spec: {holderIdentity: j}} | a worker writes the Lease that has its pod's name",
                "mine | patch | leases/other-7f-a | {spec: {holderIdentity: j}} | a worker writes the Lease that has its pod's name",
                "mine | patch | leases/leader | {spec: {holderIdentity: j}} | a worker writes the Lease that has its pod's name",
                "mine | patch | leases/leader | {metadata: {labels: {syncjobs.io/pool: shop}}} | a worker writes the Lease that has its pod's name",
                "mine | create | leases | {metadata: {name: shop-7f-x, labels: {syncjobs.io/pool: shop}}} | a worker writes the Lease that has its pod's name",
                "mine | create | leases | {metadata: {name: anything}} | a worker writes the Lease that has its pod's name",
                "mine | create | leases | {metadata: {generateName: shop-7f-a, labels: {syncjobs.io/pool: shop}}} | a worker writes the Lease that has its pod's name",
                "mine | patch | leases/shop-7f-a | {metadata: {labels: {syncjobs.io/pool: other}}} | of its own pool",
                "mine | patch | leases/shop-7f-a | {metadata: {labels: {syncjobs.io/pool: null}}} | of its own pool",
                "unbound | patch | leases/shop-7f-a | {spec: {holderIdentity: j}} | a worker writes the Lease that has its pod's name",
                "neighbour | patch | leases/shop-7f-a | {spec: {holderIdentity: j}} | cannot patch",
                "mine | delete | leases/shop-7f-a | {} | cannot delete",
                "mine | get | leases | {} | cannot list",
                // Others and workers' Leases.
                "root | patch | leases/shop-7f-a | {spec: {holderIdentity: j}} | written by the worker whose pod has its name",
                "root | patch | leases/shop-7f-a | {metadata: {annotations: {syncjobs.io/slots: '9'}}} | written by the worker whose pod has its name",
                "root | patch | leases/shop-7f-a | {metadata: {labels: {syncjobs.io/pool: null}}} | written by the worker whose pod has its name",
                "root | patch | leases/leader | {metadata: {labels: {syncjobs.io/pool: shop}}} | written by the worker whose pod has its name",
                "root | create | leases | {metadata: {name: shop-7f-x, labels: {syncjobs.io/pool: shop}}} | written by the worker whose pod has its name",
                "root | patch | leases/shop-7f-a | {metadata: {finalizers: [example.com/f]}} | passes",
                "root | delete | leases/shop-7f-a | {} | passes",
                "root | patch | leases/leader | {spec: {holderIdentity: j}} | passes",
                // An account with enumerated verbs on everything, and its own leader election.
                "controller | create | leases | {metadata: {name: controller}, spec: {holderIdentity: c}} | passes",
                "controller | patch | leases/leader | {spec: {holderIdentity: c, renewTime: '2026-01-01T00:00:00.000000Z'}} | passes",
                "controller | patch | leases/leader | {metadata: {annotations: {a: b}, ownerReferences: null}} | passes",
                "controller | delete | leases/leader | {} | passes",
                "controller | delete | leases/shop-7f-a | {} | passes",
                "controller | patch | leases/shop-7f-a | {spec: {holderIdentity: j}} | written by the worker whose pod has its name",
                "controller | patch | syncjobs/{job}/status | {status: {message: looked at}} | written by SyncJobs alone",
                // The operator.
                "operator | patch | leases/shop-7f-a | {metadata: {annotations: {syncjobs.io/seen: now}}} | passes",
                "operator | patch | leases/shop-7f-a | {metadata: {annotations: {syncjobs.io/slots: '9'}}} | the annotation syncjobs.io/seen and nothing else",
                "operator | patch | leases/shop-7f-a | {spec: {renewTime: '2027-01-01T00:00:00.000000Z'}} | the annotation syncjobs.io/seen and nothing else",
                "operator | patch | leases/leader | {spec: {holderIdentity: j}} | its own Lease and those of its workers",
                "operator | create | leases | {metadata: {name: shop-7f-x, labels: {syncjobs.io/pool: shop}}} | its own Lease and those of its workers",
                // Jobs, but for their status.
                "mine | get | syncjobs/{job} | {} | passes",
                "mine | get | syncjobs | {} | passes",
                "mine | patch | syncjobs/{job} | {spec: {priority: 0}} | cannot patch",
                "mine | patch | syncjobs/{job} | {metadata: {annotations: {syncjobs.io/set-done: why}}} | cannot patch",
                "mine | create | syncjobs | {metadata: {name: x}, spec: {action: a}} | cannot create",
                "mine | delete | syncjobs/{job} | {} | cannot delete",
                "mine | delete | syncjobs | {} | cannot deletecollection",
                // All else.
                "mine | get | secrets/password | {} | cannot get",
                "mine | get | secrets | {} | cannot list",
                "mine | get | configmaps | {} | cannot list",
                "mine | get | pods | {} | cannot list",
                "mine | create | pods | {metadata: {name: x}} | cannot create",
                "mine | delete | pods/shop-7f-b | {} | cannot delete",
                "mine | create | pods/shop-7f-b/eviction | {} | cannot create",
                "mine | create | serviceaccounts/default/token | {} | cannot create",
                "mine | get | syncqueues | {} | cannot list",
                "mine | patch | syncqueues/q/status | {status: {pending: 0}} | cannot patch",
                "mine | get | syncworkerpools | {} | cannot list",
                "mine | patch | syncworkerpools/shop | {spec: {replicas: 9}} | cannot patch",
                "mine | patch | syncworkerpools/shop/scale | {spec: {replicas: 9}} | cannot patch",
                "mine | patch | syncworkerpools/shop/status | {status: {busy: 0}} | cannot patch",
                "root | patch | syncworkerpools/shop/status | {status: {busy: 7}} | written by SyncJobs alone",
                "root | patch | syncjobs/{job}/status | {status: {message: looked at}} | written by SyncJobs alone",
            })
    void otherRequestsAreAnswered(String who, String verb, String path, String body, @Nullable String why) {
        var job = jobs.computeIfAbsent("Started", fixture::make);
        var full = path(path.replace("{job}", job.getMetadata().getName()));
        var object = Serialization.unmarshal("---\n" + body, Map.class);

        var refusal = who(who).refusal(verb, verb.equals("get") ? full : full + "?dryRun=All", Json.text(object));

        if (why == null) assertThat(refusal).isEmpty();
        else assertThat(refusal).contains(why);
    }

    @ParameterizedTest
    @ValueSource(strings = {"syncjobs", "leases", "secrets"})
    void anotherNamespaceIsNotAWorkersToLookAt(String kind) {
        assertThat(who("mine").refusal("get", path(kind).replace(own.jobs().name(), elsewhere.name()), ""))
                .contains("cannot list");
    }

    private String path(String path) {
        var kind = path.split("/", 2)[0];
        var group = kind.startsWith("sync")
                ? "/apis/syncjobs.io/v1alpha1"
                : kind.startsWith("leases") ? "/apis/coordination.k8s.io/v1" : "/api/v1";
        return group + "/namespaces/" + own.jobs().name() + "/" + path;
    }

    private WorkerAccount who(String name) {
        return requireNonNull(accounts.get(name), name);
    }

    private String lease(String who) {
        return lease(who(who).pod(), who.equals("other") ? "other" : "shop");
    }

    private static String lease(String name, String pool) {
        return Json.text(Map.of(
                "apiVersion",
                "coordination.k8s.io/v1",
                "kind",
                "Lease",
                "metadata",
                Map.of("name", name, "labels", Map.of("syncjobs.io/pool", pool)),
                "spec",
                Map.of("holderIdentity", "i", "leaseDurationSeconds", 300)));
    }
}
