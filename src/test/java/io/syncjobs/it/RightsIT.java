package io.syncjobs.it;

import static io.syncjobs.cluster.Manifest.job;
import static io.syncjobs.cluster.Manifest.pool;
import static io.syncjobs.cluster.Manifest.queue;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReviewBuilder;
import io.syncjobs.api.State;
import io.syncjobs.cluster.ClusterTest;
import io.syncjobs.cluster.Manifest;
import io.syncjobs.cluster.OwnRelease;
import io.syncjobs.cluster.Release;
import io.syncjobs.cluster.Shell.Result;
import io.syncjobs.cluster.TestJob;
import io.syncjobs.cluster.TestNamespace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Who may do what: RBAC by table, and what the policies add to it. */
@ClusterTest
class RightsIT {
    private static final String REQUEUE = "syncjobs.io/requeue";
    private static final String SET_DONE = "syncjobs.io/set-done";
    private static final String CANCEL = "syncjobs.io/cancel";
    private static final String FAR = "2099-01-01T00:00:00Z";

    private static final List<String> VERBS = List.of(
            "get",
            "list",
            "watch",
            "create",
            "update",
            "patch",
            "delete",
            "deletecollection",
            "requeue",
            "set-done",
            "cancel",
            "serve",
            "work");

    private static final List<String> OURS = List.of(
            "syncjobs.io/syncjobs",
            "syncjobs.io/syncjobs/status",
            "syncjobs.io/syncqueues",
            "syncjobs.io/syncqueues/status",
            "syncjobs.io/syncworkerpools",
            "syncjobs.io/syncworkerpools/status",
            "syncjobs.io/syncworkerpools/scale",
            "syncjobs.io/syncleases");

    private static final List<String> OTHERS = List.of(
            "/pods",
            "/pods/log",
            "/pods/exec",
            "/pods/ephemeralcontainers",
            "/pods/eviction",
            "/secrets",
            "/configmaps",
            "/events",
            "/serviceaccounts",
            "/serviceaccounts/token",
            "/namespaces",
            "/nodes",
            "/services",
            "/persistentvolumeclaims",
            "apps/deployments",
            "batch/jobs",
            "batch/cronjobs",
            "coordination.k8s.io/leases",
            "rbac.authorization.k8s.io/roles",
            "rbac.authorization.k8s.io/rolebindings",
            "rbac.authorization.k8s.io/clusterroles",
            "rbac.authorization.k8s.io/clusterrolebindings",
            "apiextensions.k8s.io/customresourcedefinitions",
            "admissionregistration.k8s.io/validatingadmissionpolicies");

    /** In a namespace with jobs, what each of the product's accounts may do; everything else it may not. */
    @Test
    void theProductsAccountsMayDoWhatTheyNeedAndNothingElse(Release release, TestNamespace here) {
        var all = new ArrayList<>(OURS);
        all.addAll(OTHERS);
        var operator = release.operatorUser();
        assertThat(rights(here, operator, here.name(), all))
                .containsExactlyInAnyOrder(
                        "syncjobs.io/syncjobs: get list watch patch delete serve",
                        "syncjobs.io/syncqueues: get list watch",
                        "syncjobs.io/syncworkerpools: get list watch work",
                        "syncjobs.io/syncjobs/status: get patch",
                        "syncjobs.io/syncqueues/status: patch",
                        "syncjobs.io/syncworkerpools/status: patch",
                        "coordination.k8s.io/leases: get list watch create patch",
                        "apps/deployments: get list watch create patch",
                        "/serviceaccounts: create patch",
                        "rbac.authorization.k8s.io/roles: create patch",
                        "rbac.authorization.k8s.io/rolebindings: create patch",
                        "/pods: get list watch create delete",
                        "/pods/log: get",
                        "/events: list create");
        assertThat(rights(here, operator.replace("-operator", "-enqueuer"), here.name(), all))
                .containsExactlyInAnyOrder(
                        "syncjobs.io/syncjobs: list serve",
                        "syncjobs.io/syncqueues: list",
                        "syncjobs.io/syncworkerpools: list",
                        "coordination.k8s.io/leases: list",
                        "syncjobs.io/syncjobs/status: patch",
                        "syncjobs.io/syncqueues/status: patch",
                        "/pods: list");
        assertThat(rights(here, operator.replace("-operator", "-explain"), here.name(), all))
                .containsExactlyInAnyOrder(
                        "syncjobs.io/syncjobs: get list",
                        "syncjobs.io/syncqueues: list",
                        "syncjobs.io/syncworkerpools: list",
                        "coordination.k8s.io/leases: list",
                        "/pods: list");
        assertThat(rights(here, operator, "kube-system", List.of("/secrets", "batch/cronjobs")))
                .isEmpty();
        var lease = release.cluster()
                .kubectl("get", "lease", "-n", "kube-system", "-o", "name")
                .lines()
                .findFirst()
                .orElseThrow();
        refused(
                release.cluster()
                        .tryKubectl(
                                "patch",
                                "-n=kube-system",
                                lease,
                                "--dry-run=server",
                                "-p={\"spec\":{\"holderIdentity\":\"me\"}}",
                                "--as=" + operator),
                "SyncJobs itself writes its own Lease and those of its workers");
    }

    /** By the Role that the operator makes for it. */
    @Test
    void aPoolsAccountMayDoWhatItsWorkersNeedAndNothingElse(TestNamespace here) {
        FenceFixture.rightsOf(here, "shop");
        var worker = "system:serviceaccount:" + here.name() + ":syncjobs-pool-shop";
        var all = new ArrayList<>(OURS);
        all.addAll(OTHERS);

        assertThat(rights(here, worker, here.name(), all))
                .containsExactlyInAnyOrder(
                        "syncjobs.io/syncjobs: get list watch",
                        "syncjobs.io/syncjobs/status: get patch",
                        "coordination.k8s.io/leases: get create patch");
        assertThat(rights(here, worker, "default", all)).isEmpty();
    }

    @Test
    void peopleMayDoWithJobsWhatTheirRoleSays(TestNamespace here) {
        bind(here, "edit", "edith");
        bind(here, "view", "vic");
        bind(here, "syncjobs-operate", "olga");
        submitter(here);

        assertThat(rights(here, "edith", here.name(), OURS))
                .containsExactlyInAnyOrder(
                        "syncjobs.io/syncjobs: get list watch create update patch delete deletecollection requeue set-done cancel",
                        "syncjobs.io/syncqueues: get list watch create update patch delete deletecollection",
                        "syncjobs.io/syncworkerpools: get list watch create update patch delete deletecollection",
                        "syncjobs.io/syncworkerpools/scale: get update patch");
        assertThat(rights(here, "vic", here.name(), OURS))
                .containsExactlyInAnyOrder(
                        "syncjobs.io/syncjobs: get list watch",
                        "syncjobs.io/syncqueues: get list watch",
                        "syncjobs.io/syncworkerpools: get list watch",
                        "syncjobs.io/syncworkerpools/scale: get");
        var everything = new ArrayList<>(OURS);
        everything.addAll(OTHERS);
        assertThat(rights(here, "olga", here.name(), everything))
                .containsExactlyInAnyOrder(
                        "syncjobs.io/syncjobs: get list watch patch requeue",
                        "syncjobs.io/syncqueues: get list watch",
                        "syncjobs.io/syncworkerpools: get list watch");
        assertThat(rights(here, erp(here), here.name(), everything))
                .containsExactly("syncjobs.io/syncjobs: get create");
        for (var user : List.of("edith", "vic", "olga", erp(here))) {
            assertThat(rights(here, user, "default", everything))
                    .as(user + " elsewhere")
                    .isEmpty();
        }
    }

    @Test
    void theSubmitterOfTheReadmeRunsNoPodOfItsOwnMaking(TestNamespace here) {
        submitter(here);
        bind(here, "edit", "edith");
        var privileged = job("root")
                .worker("exit=0")
                .spec("template.spec.containers.0.securityContext", Map.of("privileged", true))
                .spec("template.spec.volumes", List.of(Map.of("name", "root", "hostPath", Map.of("path", "/"))));

        refused(create(here, privileged, erp(here)), "must be allowed to create pods in this namespace");
        refused(create(here, job("own").worker("exit=0"), erp(here)), "must be allowed to create pods");
        create(here, job("plain"), erp(here)).orThrow();
        refused(create(here, job("commanded").annotation(SET_DONE, "why"), erp(here)), "right (RBAC verb) set-done");
        for (var own : List.of("by", "handling", "handling-by")) {
            refused(create(here, job("forged").annotation("syncjobs.io/" + own, "jo"), "edith"), "syncjobs.io/" + own);
        }

        create(here, job("own").worker("exit=0"), "edith").orThrow();
        here.job("own").await(State.DONE);
    }

    @Test
    void aQueuesTemplateNeedsTheRightToCreatePodsToo(TestNamespace here) {
        here.kubectl("create", "role", "queues", "--verb=get,create,update,patch", "--resource=syncqueues.syncjobs.io");
        here.kubectl("create", "rolebinding", "queues", "--role=queues", "--user=quinn");
        here.apply(queue("there").worker("exit=0"));
        var other = "{\"spec\":{\"template\":{\"metadata\":{\"labels\":{\"a\":\"b\"}}}}}";

        refused(create(here, queue("new").worker("exit=0"), "quinn"), "must be allowed to create pods");
        refused(patch(here, "syncqueue", "there", other, "quinn"), "must be allowed to create pods");
        create(here, queue("plain").spec("capacity", 3), "quinn").orThrow();
        patch(here, "syncqueue", "there", "{\"spec\":{\"paused\":true}}", "quinn")
                .orThrow();
    }

    @Test
    void aPoolsTemplateNeedsTheRightToCreatePodsTooAndItsNumberDoesNot(TestNamespace here) {
        here.kubectl(
                "create", "role", "pools", "--verb=get,create,update,patch", "--resource=syncworkerpools.syncjobs.io");
        here.kubectl(
                "create", "role", "scale", "--verb=get,update,patch", "--resource=syncworkerpools.syncjobs.io/scale");
        here.kubectl("create", "rolebinding", "pools", "--role=pools", "--user=polly");
        here.kubectl("create", "rolebinding", "scale", "--role=scale", "--user=polly");
        here.apply(pool("there").spec("replicas", 0));
        var other = "{\"spec\":{\"template\":{\"metadata\":{\"labels\":{\"a\":\"b\"}}}}}";

        refused(create(here, pool("new"), "polly"), "must be allowed to create pods");
        refused(patch(here, "syncworkerpool", "there", other, "polly"), "must be allowed to create pods");
        patch(here, "syncworkerpool", "there", "{\"spec\":{\"slots\":2}}", "polly")
                .orThrow();
        here.tryKubectl("scale", "swp/there", "--replicas=0", "--as=polly").orThrow();
    }

    @Test
    void whoIsOnCallRequeuesAndChangesNothingElse(TestNamespace here) {
        bind(here, "syncjobs-operate", "olga");
        var job = here.create(job("failed").worker("fail=1:1"));
        job.await(State.FAILED);

        refused(job.tryAnnotate(SET_DONE, "why", "--as=olga"), "right (RBAC verb) set-done");
        here.apply(job("waits").spec("eta", FAR).worker("exit=0"));
        refused(here.job("waits").tryAnnotate(CANCEL, "why", "--as=olga"), "right (RBAC verb) cancel");
        var changes = Map.of(
                "{\"spec\":{\"priority\":0}}", "right (RBAC verb) update",
                "{\"metadata\":{\"labels\":{\"a\":\"b\"}}}", "only commands can be given",
                "{\"metadata\":{\"annotations\":{\"a\":\"b\"}}}", "only commands can be given",
                "{\"metadata\":{\"finalizers\":[\"example.com/f\"]}}", "only commands can be given",
                "{\"metadata\":{\"ownerReferences\":[{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"name\":\"x\",\"uid\":\"y\"}]}}",
                        "only commands can be given");
        changes.forEach((change, why) -> refused(patch(here, "syncjob", "failed", change, "olga"), why));
        refused(
                here.tryKubectl("annotate", "syncjob", "failed", REQUEUE + "=now", "note=x", "--as=olga"),
                "only commands can be given");
        refused(here.tryKubectl("delete", "syncjob", "failed", "--as=olga"), "cannot delete");

        job.tryAnnotate(REQUEUE, "now", "--as=olga").orThrow();
        assertThat(job.awaitDone(2).text("lastCommand.by")).isEqualTo("olga");
    }

    /** In a namespace of its own release whose operator is down: commands wait, and nobody's is taken for another's. */
    @Test
    void aCommandThatWaitsGoesOnUnderTheNameOfWhoGaveIt() {
        try (var own = OwnRelease.install("waits", Map.of())) {
            own.release().scaleOperator(0);
            var here = own.jobs();
            bind(here, "edit", "edith");
            bind(here, "edit", "tom");
            here.kubectl("create", "role", "no-cancel", "--verb=get,patch,update", "--resource=syncjobs.syncjobs.io");
            here.kubectl("create", "rolebinding", "no-cancel", "--role=no-cancel", "--user=nat");
            var job = here.create(job("waits").spec("eta", FAR).worker("exit=0"));
            job.tryAnnotate(CANCEL, "not needed", "--as=edith").orThrow();
            assertThat(by(job)).isEqualTo("edith");

            refused(job.tryAnnotate(SET_DONE, "by hand", "--as=tom"), "somebody else's command waits");
            refused(
                    here.tryKubectl("annotate", "syncjob", "waits", CANCEL + "-", "--as=nat"),
                    "right (RBAC verb) cancel");
            refused(
                    here.tryKubectl("annotate", "syncjob", "waits", "syncjobs.io/by-", "--as=edith"),
                    "says who gave a command");
            job.tryAnnotate(REQUEUE, "now", "--as=edith").orThrow();
            here.kubectl(
                    "annotate", "syncjob", "waits", CANCEL + "-", REQUEUE + "-", SET_DONE + "=by hand", "--as=tom");
            assertThat(by(job)).isEqualTo("tom");

            own.release().scaleOperator(1);
            assertThat(job.await(State.DONE).message()).isEqualTo("set to done by tom: by hand");
        }
    }

    @Test
    void theOperatorItselfChangesNoSpecAndGivesNoCommand(Release release, TestNamespace here) {
        var job = here.create(job("here").spec("eta", FAR).worker("exit=0"));

        refused(
                patch(here, "syncjob", "here", "{\"spec\":{\"priority\":0}}", release.operatorUser()),
                "right (RBAC verb) update");
        refused(job.tryAnnotate(SET_DONE, "why", "--as=" + release.operatorUser()), "right (RBAC verb) set-done");
    }

    /** Two installations beside each other, and an account of one that has been given the right to serve where the other does. */
    @Test
    void twoReleasesDoNotDenyEachOthersWrites() {
        try (var one = OwnRelease.install("one", Map.of());
                var two = OwnRelease.install("two", Map.of())) {
            for (var own : List.of(one, two))
                own.jobs().apply(queue("work").worker("exit=0"), job("a").spec("queue", "work"));
            for (var own : List.of(one, two)) {
                own.jobs().job("a").await(State.DONE);
                assertThat(own.release().log()).doesNotContain("denied request");
            }

            var stranger = two.release().operatorUser();
            var here = one.jobs();
            here.apply(
                    queue("held").spec("paused", true).worker("exit=0"),
                    job("waits").spec("queue", "held"));
            var told = "{\"status\":{\"message\":\"told by another release\"}}";
            refused(status(here, told, stranger, "--as-group=system:masters"), "written by SyncJobs alone");
            here.kubectl(
                    "create",
                    "rolebinding",
                    "both",
                    "--role=" + one.release().name() + "-operator",
                    "--serviceaccount=" + two.release().namespace() + ":"
                            + two.release().name() + "-operator");
            here.kubectl("create", "role", "look", "--verb=get", "--resource=syncjobs.syncjobs.io/status");
            here.kubectl(
                    "create",
                    "rolebinding",
                    "look",
                    "--role=look",
                    "--serviceaccount=" + two.release().namespace() + ":"
                            + two.release().name() + "-operator");
            status(here, told, stranger).orThrow();
            assertThat(here.job("waits").status().message()).isEqualTo("told by another release");
        }
    }

    private static Result status(TestNamespace here, String merge, String user, String... more) {
        var command = new ArrayList<>(List.of(
                "patch", "syncjob", "waits", "--subresource=status", "--type=merge", "--patch", merge, "--as=" + user));
        command.addAll(Arrays.asList(more));
        return here.tryKubectl(command.toArray(String[]::new));
    }

    private static String by(TestJob job) {
        return job.read().at("/metadata/annotations/syncjobs.io~1by").asText();
    }

    private static void bind(TestNamespace here, String role, String user) {
        here.kubectl("create", "rolebinding", user, "--clusterrole=" + role, "--user=" + user);
    }

    /** The account of the README. */
    private static void submitter(TestNamespace here) {
        here.kubectl("create", "role", "submit", "--verb=create,get", "--resource=syncjobs.syncjobs.io");
        here.kubectl("create", "rolebinding", "submit", "--role=submit", "--user=" + erp(here));
    }

    private static String erp(TestNamespace here) {
        return "system:serviceaccount:" + here.name() + ":erp-submitter";
    }

    private static Result create(TestNamespace here, Manifest manifest, String user) {
        return here.tryCreate(manifest, "--as=" + user);
    }

    private static Result patch(TestNamespace here, String kind, String name, String merge, String user) {
        return here.tryKubectl("patch", kind, name, "--type=merge", "--patch", merge, "--as=" + user);
    }

    private static void refused(Result result, String why) {
        assertThat(result.exit()).as(String.join(" ", result.command())).isNotZero();
        assertThat(result.err()).contains(why);
    }

    /** What RBAC answers for each verb on each of these, as {@code group/resource: verbs}; what gives none is left out. */
    private static List<String> rights(TestNamespace here, String user, String namespace, List<String> resources) {
        var found = new TreeSet<String>();
        for (var each : resources) {
            var verbs = VERBS.stream()
                    .filter(verb -> may(here, user, namespace, verb, each))
                    .toList();
            if (!verbs.isEmpty()) found.add(each + ": " + String.join(" ", verbs));
        }
        return List.copyOf(found);
    }

    private static boolean may(TestNamespace here, String user, String namespace, String verb, String what) {
        var parts = what.split("/", 3);
        var review = new SubjectAccessReviewBuilder()
                .withNewSpec()
                .withUser(user)
                .withGroups("system:authenticated")
                .withNewResourceAttributes()
                .withNamespace(namespace)
                .withVerb(verb)
                .withGroup(parts[0])
                .withResource(parts[1])
                .withSubresource(parts.length > 2 ? parts[2] : "")
                .endResourceAttributes()
                .endSpec()
                .build();
        return here.cluster()
                .client()
                .authorization()
                .v1()
                .subjectAccessReview()
                .create(review)
                .getStatus()
                .getAllowed();
    }
}
