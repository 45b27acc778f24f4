package io.syncjobs.it;

import static io.syncjobs.cluster.Manifest.job;
import static io.syncjobs.cluster.Manifest.pool;
import static io.syncjobs.cluster.Manifest.queue;
import static io.syncjobs.it.Accounts.allow;
import static io.syncjobs.it.Accounts.bind;
import static io.syncjobs.it.Accounts.erp;
import static io.syncjobs.it.Accounts.inForce;
import static io.syncjobs.it.Accounts.refused;
import static io.syncjobs.it.Accounts.submitter;
import static org.assertj.core.api.Assertions.assertThat;

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
import org.junit.jupiter.api.Test;

/** What admission policies add to RBAC: who may write templates, commands, specs and status. */
@ClusterTest
class PoliciesIT {
    private static final String REQUEUE = "syncjobs.io/requeue";
    private static final String SET_DONE = "syncjobs.io/set-done";
    private static final String CANCEL = "syncjobs.io/cancel";
    private static final String FAR = "2099-01-01T00:00:00Z";

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

    /** What is written there stays, and a release that serves the namespace later would carry it out. */
    @Test
    void whereNoReleaseServesYetNobodyPreparesAPodOrACommandOfAnothersName() {
        try (var own = OwnRelease.install("later", Map.of("jobs", Map.of("allowTemplate", false)))) {
            var later = TestNamespace.create(own.release().cluster(), "later-on");
            try {
                submitter(later);
                bind(later, "edit", "edith");
                allow(later, "sue", "get,create,update,patch", "syncjobs.syncjobs.io");

                refused(create(later, job("own").worker("exit=0"), erp(later)), "must be allowed to create pods");
                create(later, job("plain").spec("eta", FAR), "sue").orThrow();
                var template =
                        "{\"spec\":{\"template\":{\"spec\":{\"containers\":[{\"name\":\"x\",\"image\":\"x\"}]}}}}";
                refused(patch(later, "syncjob", "plain", template, "sue"), "spec.template cannot be changed");
                refused(
                        create(later, job("commanded").annotation(SET_DONE, "why"), erp(later)),
                        "right (RBAC verb) set-done");
                for (var name : List.of("by", "handling", "handling-by")) {
                    var forged = job("forged").annotation("syncjobs.io/" + name, "jo");
                    refused(create(later, forged, "edith"), "syncjobs.io/" + name);
                }
                // Only where the release serves its owner decides that jobs have no template.
                create(later, job("edith").worker("exit=0"), "edith").orThrow();
                refused(
                        create(own.jobs(), job("edith").worker("exit=0"), "system:admin", "--as-group=system:masters"),
                        "spec.template is not allowed on jobs here");

                later.job("plain").tryAnnotate(SET_DONE, "why", "--as=edith").orThrow();
                var both = List.of(own.jobs().name(), later.name());
                own.upgrade(Map.of("watchNamespaces", both, "jobs", Map.of("allowTemplate", false)));
                assertThat(later.job("plain").await(State.DONE).message()).isEqualTo("set to done by edith: why");
                assertThat(later.job("edith").awaitReason("InvalidTemplate").message())
                        .contains("jobs.allowTemplate");
                assertThat(later.kubectl("get", "pods", "--output=name")).isEmpty();
                own.upgrade(Map.of("watchNamespaces", both));
                later.job("edith").await(State.DONE);
            } finally {
                later.delete();
            }
        }
    }

    @Test
    void aQueuesTemplateNeedsTheRightToCreatePodsToo(TestNamespace here) {
        allow(here, "quinn", "get,create,update,patch", "syncqueues.syncjobs.io");
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
        allow(here, "polly", "get,create,update,patch", "syncworkerpools.syncjobs.io");
        allow(here, "polly", "get,update,patch", "syncworkerpools.syncjobs.io/scale");
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
            allow(here, "nat", "get,patch,update", "syncjobs.syncjobs.io");
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
            // What the operator says of the job comes before what another one writes.
            here.job("waits").awaitReason("QueuePaused");
            var told = "{\"status\":{\"message\":\"told by another release\"}}";
            refused(status(here, told, stranger, "--as-group=system:masters"), "written by SyncJobs alone");
            here.kubectl(
                    "create",
                    "rolebinding",
                    "both",
                    "--role=" + one.release().name() + "-operator",
                    "--serviceaccount=" + two.release().namespace() + ":"
                            + two.release().name() + "-operator");
            inForce(here, stranger, "patch", "syncjobs.syncjobs.io/status");
            allow(here, stranger, "get", "syncjobs.syncjobs.io/status");
            status(here, told, stranger).orThrow();
            assertThat(here.job("waits").status().message()).isEqualTo("told by another release");
        }
    }

    /** Each would give places as if it were alone. */
    @Test
    void aSecondReleaseForTheSameNamespacesIsWarnedOfWhenItIsInstalled() {
        try (var one = OwnRelease.install("alone", Map.of())) {
            var own = one.release();
            for (var served : List.of("watchNamespaces={" + one.jobs().name() + "}", "replicas=1")) {
                var second = one.release()
                        .cluster()
                        .run(
                                "helm",
                                "",
                                "install",
                                "second",
                                "helm/syncjobs",
                                "--namespace=" + own.namespace(),
                                "--set=crds.install=false",
                                "--set=" + served);
                own.cluster().run("helm", "", "uninstall", "second", "--namespace=" + own.namespace());

                assertThat(second.exit()).as(second.err()).isZero();
                assertThat(second.err())
                        .contains("the release syncjobs-", " of SyncJobs in namespace ")
                        .contains("give each release its own watchNamespaces");
            }
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

    private static Result create(TestNamespace here, Manifest manifest, String user, String... more) {
        var args = new ArrayList<>(List.of("--as=" + user));
        args.addAll(Arrays.asList(more));
        return here.tryCreate(manifest, args.toArray(String[]::new));
    }

    private static Result patch(TestNamespace here, String kind, String name, String merge, String user) {
        return here.tryKubectl("patch", kind, name, "--type=merge", "--patch", merge, "--as=" + user);
    }
}
