package io.syncjobs.it;

import static io.syncjobs.cluster.Manifest.job;
import static org.assertj.core.api.Assertions.assertThat;

import io.syncjobs.api.State;
import io.syncjobs.cluster.ClusterTest;
import io.syncjobs.cluster.OwnRelease;
import io.syncjobs.cluster.Waiting;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A job that the operator cannot even read touches no other, and says so. */
@ClusterTest
class InternalErrorIT {
    private static final String PRIORITY =
            "/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties/priority";

    @Test
    void aJobThatCannotBeReadSaysSoAndTheOthersRun() {
        try (var own = OwnRelease.install("unread", Map.of())) {
            var here = own.jobs();
            // Definitions of another version may allow what this one does not know.
            patchDefinition("{\"x-kubernetes-preserve-unknown-fields\":true}", own);
            try {
                var job = job("unreadable").worker("exit=0").spec("priority", "high");
                Waiting.until(
                        "the definition is in force",
                        () -> here.tryCreate(job, "--dry-run=server").exit() == 0,
                        () -> here.tryCreate(job, "--dry-run=server").err());
                var unreadable = here.create(job);
                var other = here.create(job("other").worker("exit=0"));

                var told = unreadable.awaitReason("InternalError");
                assertThat(told.state()).isEqualTo(State.PENDING);
                assertThat(told.message()).contains("spec cannot be read", "since ");
                other.await(State.DONE);
                assertThat(own.release().metrics()).contains("syncjobs_internal_errors_total");
                here.kubectl("delete", "syncjob", "unreadable");
            } finally {
                patchDefinition("{\"type\":\"integer\",\"minimum\":0,\"maximum\":1000000}", own);
            }
        }
    }

    private static void patchDefinition(String priority, OwnRelease own) {
        own.jobs()
                .cluster()
                .kubectl(
                        "patch",
                        "crd",
                        "syncjobs.syncjobs.io",
                        "--type=json",
                        "--patch",
                        "[{\"op\":\"replace\",\"path\":\"" + PRIORITY + "\",\"value\":" + priority + "}]");
    }
}
