package io.syncjobs.it;

import static io.syncjobs.it.Accounts.bind;
import static io.syncjobs.it.Accounts.erp;
import static io.syncjobs.it.Accounts.refused;
import static io.syncjobs.it.Accounts.submitter;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReviewBuilder;
import io.syncjobs.cluster.ClusterTest;
import io.syncjobs.cluster.Release;
import io.syncjobs.cluster.TestNamespace;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Who may do what by RBAC, as tables. {@link PoliciesIT} has what admission policies add. */
@ClusterTest
class RightsIT {
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
            "work",
            "bind",
            "escalate",
            "impersonate");

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
            "/pods/attach",
            "/pods/portforward",
            "/pods/proxy",
            "/pods/ephemeralcontainers",
            "/pods/eviction",
            "/secrets",
            "/configmaps",
            "/events",
            "/serviceaccounts",
            "/serviceaccounts/token",
            "/namespaces",
            "/nodes",
            "/nodes/proxy",
            "/users",
            "/groups",
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
                        "syncjobs.io/syncjobs: get list watch patch delete serve work",
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
                        "syncjobs.io/syncjobs: get list watch work",
                        "syncjobs.io/syncjobs/status: get patch",
                        "coordination.k8s.io/leases: get watch create patch");
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
