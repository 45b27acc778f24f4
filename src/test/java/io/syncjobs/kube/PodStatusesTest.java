package io.syncjobs.kube;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.Pod;
import io.syncjobs.core.blame.Blame;
import io.syncjobs.core.blame.Fact;
import io.syncjobs.core.blame.Signal;
import io.syncjobs.core.run.PodOutcome;
import io.syncjobs.core.run.WorkerEnd;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a pod's status means at odd moments: src/test/resources/pod-statuses.txt has them as kubelets and controllers write them. */
class PodStatusesTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** A line of the file: what is seen, and the pod. */
    record Case(String outcome, String what, Pod pod) {
        static Case of(String line) {
            try {
                var columns = line.split(" *\\| *", 5);
                var pod = JSON.createObjectNode();
                pod.set(
                        "spec",
                        with("{'nodeName': 'node-1', 'containers': [{'name': 'worker', 'image': 'i'}]}", columns[2]));
                pod.set("metadata", with("{'name': 'a-1-x', 'creationTimestamp': '2026-03-01T12:00:00Z'}", columns[3]));
                pod.set("status", with("{'startTime': '2026-03-01T12:00:00Z'}", columns[4]));
                return new Case(columns[0], columns[1], JSON.treeToValue(pod, Pod.class));
            } catch (JsonProcessingException e) {
                throw new IllegalArgumentException(line, e);
            }
        }

        private static ObjectNode with(String usual, String more) throws JsonProcessingException {
            var object = (ObjectNode) JSON.readTree(usual.replace('\'', '"'));
            return object.setAll((ObjectNode) JSON.readTree("{" + more.replace('\'', '"') + "}"));
        }

        @Override
        public String toString() {
            return what;
        }
    }

    static List<Case> cases() throws IOException {
        try (var lines = Files.lines(Path.of("src/test/resources/pod-statuses.txt"))) {
            return lines.filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(Case::of)
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aStatusIsReadAsAPersonWouldReadIt(Case one) {
        var view = PodViews.of(one.pod());

        assertThat(told(PodOutcome.of(view))).isEqualTo(one.outcome());
        assertThat(PodViews.of(Pruned.of(one.pod()))).isEqualTo(view);
    }

    @Test
    void aContainerThatIsNotTheWorkerIsNamed() throws IOException {
        assertThat(cases())
                .map(one -> PodOutcome.of(PodViews.of(one.pod())))
                .filteredOn(PodOutcome.Starting.class::isInstance)
                .map(PodOutcome.Starting.class::cast)
                .allSatisfy(starting -> {
                    if (starting.container().equals("worker"))
                        assertThat(starting.message()).doesNotContain("container ");
                    else assertThat(starting.message()).contains("container " + starting.container());
                });
    }

    @Test
    void aWarmWorkerThatIsTakenBackOrRejectedIsJudgedAsAPodOfAJob() throws IOException {
        assertThat(cases())
                .filteredOn(one -> Set.of("disrupted", "rejected-after-start").contains(one.outcome()))
                .isNotEmpty()
                .allSatisfy(one -> {
                    var end = WorkerEnd.of(PodViews.of(one.pod())).orElseThrow();
                    var why = Blame.of(new Signal(end.source(), end.codes(), end.words(), Set.of(Fact.BEGUN)));
                    assertThat(why.row().id()).isEqualTo(one.outcome());
                });
    }

    private static String told(PodOutcome outcome) {
        return switch (outcome) {
            case PodOutcome.Starting starting ->
                starting.container() + " " + starting.why().row().id();
            case PodOutcome.Running running -> "runs";
            case PodOutcome.Succeeded succeeded -> "succeeded";
            case PodOutcome.Failed failed -> failed.why().row().id();
            case PodOutcome.Refused refused -> refused.why().row().id();
            case PodOutcome.Lost lost -> lost.why().row().id();
        };
    }
}
