package io.syncjobs.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cel.common.CelValidationException;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntimeFactory;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.syncjobs.cluster.Shell;
import io.syncjobs.cluster.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What Argo CD and Flux make of jobs and queues with the health checks of examples/gitops; docs/gitops.md has the same table. */
@Tag("verify")
class GitOpsTest {
    /** Numbers of CEL are long. */
    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.USE_LONG_FOR_INTS);

    private static final JsonNode ARGO = yaml("examples/gitops/argocd/argocd-cm.yaml");
    private static final JsonNode FLUX = yaml("examples/gitops/flux/kustomization.yaml");

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "SyncJob | {status: {state: Pending}} | Progressing | InProgress",
                "SyncJob | {status: {state: Pending, reason: QueueAtCapacity, message: m}} | Progressing | InProgress",
                "SyncJob | {status: {state: Pending, reason: EtaInFuture, message: m}} | Suspended | InProgress",
                "SyncJob | {status: {state: Pending, reason: QueuePaused, message: m}} | Suspended | InProgress",
                "SyncJob | {status: {state: Enqueued}} | Progressing | InProgress",
                "SyncJob | {status: {state: Started, reason: Stopping}} | Progressing | InProgress",
                "SyncJob | {status: {state: Done, reason: ManuallySetDone, message: m}} | Healthy | Current",
                "SyncJob | {status: {state: Failed, reason: JobFailed, message: m}} | Degraded | Failed",
                "SyncJob | {status: {state: Cancelled}} | Degraded | Failed",
                "SyncQueue | {} | Progressing | InProgress",
                "SyncQueue | {status: {}} | Progressing | InProgress",
                "SyncQueue | {status: {conditions: []}} | Progressing | InProgress",
                "SyncQueue | {status: {conditions: [{type: SchedulerHealthy, status: 'False'}]}} | Progressing | InProgress",
                "SyncQueue | {status: {observedGeneration: 1, conditions: [{type: Ready, status: 'True'}]}} | Progressing | InProgress",
                "SyncQueue | {status: {observedGeneration: 2, conditions: [{type: Ready, status: 'True', reason: Serving}]}} | Healthy | Current",
                "SyncQueue | {status: {observedGeneration: 2, conditions: [{type: Ready, status: 'False', reason: QueuePaused}]}} | Suspended | Current",
                "SyncQueue | {status: {observedGeneration: 2, conditions: [{type: Ready, status: 'False', reason: SchedulerMissing}]}} | Degraded | Failed",
                "SyncQueue | {status: {observedGeneration: 2, conditions: [{type: Ready, status: 'Unknown', reason: x}]}} | Progressing | InProgress",
                "SyncWorkerPool | {} | Progressing | InProgress",
                "SyncWorkerPool | {status: {conditions: [{type: Ready, status: 'False', reason: NoWorkers}]}} | Progressing | InProgress",
                "SyncWorkerPool | {status: {reason: HandlerNotReady, conditions: [{type: Ready, status: 'False', reason: HandlerNotReady}]}} | Progressing | InProgress",
                "SyncWorkerPool | {status: {conditions: [{type: Ready, status: 'True'}, {type: Progressing, status: 'True'}]}} | Progressing | InProgress",
                "SyncWorkerPool | {status: {conditions: [{type: Ready, status: 'True'}, {type: Progressing, status: 'False'}]}} | Healthy | Current",
                "SyncWorkerPool | {status: {observedGeneration: 1, conditions: [{type: Ready, status: 'True'}, {type: Progressing, status: 'False'}]}} | Progressing | InProgress",
                "SyncWorkerPool | {status: {conditions: [{type: Ready, status: 'False', reason: ScaledToZero}]}} | Suspended | Current",
                "SyncWorkerPool | {status: {reason: InvalidTemplate, message: m, conditions: [{type: Ready, status: 'True'}]}} | Degraded | Failed",
                "SyncWorkerPool | {status: {reason: ImagePullFailed, conditions: [{type: Ready, status: 'False', reason: ImagePullFailed}]}} | Degraded | Failed",
            })
    void healthIsWhatTheTableSays(String kind, String object, String argo, String flux) {
        ObjectNode seen = JSON.valueToTree(Serialization.unmarshal("---\n" + object, Map.class));
        seen.put("kind", kind).putObject("metadata").put("name", "a").put("generation", 2);

        assertThat(argo(kind, seen)).isEqualTo(argo);
        assertThat(flux(kind, JSON.convertValue(seen, new TypeReference<>() {})))
                .isEqualTo(flux);
    }

    /** Argo CD hands the object as obj and takes status and message of what is returned. */
    private static String argo(String kind, JsonNode object) {
        var script = ARGO.at("/data/resource.customizations.health.syncjobs.io_" + kind)
                .asText();
        var program = "obj = " + lua(object) + "\nlocal health = (function()\n" + script
                + "\nend)()\nassert(type(health.message) == 'string')\nio.write(health.status)";
        return Shell.run(
                        Duration.ofSeconds(20),
                        Map.of(),
                        program,
                        List.of(Tools.path("lua5.1").toString(), "-"))
                .orThrow()
                .out();
    }

    /** An object as Lua writes it. */
    private static String lua(JsonNode value) {
        if (value.isObject()) {
            return value.properties().stream()
                    .map(property -> "[\"" + property.getKey() + "\"] = " + lua(property.getValue()))
                    .collect(Collectors.joining(", ", "{", "}"));
        }
        if (value.isArray()) {
            return StreamSupport.stream(value.spliterator(), false)
                    .map(GitOpsTest::lua)
                    .collect(Collectors.joining(", ", "{", "}"));
        }
        return value.toString();
    }

    /** Flux looks at inProgress, then failed, then current; what none of them says is in progress, and so is what cannot be evaluated. */
    private static String flux(String kind, Map<String, Object> object) {
        var check = StreamSupport.stream(FLUX.at("/spec/healthCheckExprs").spliterator(), false)
                .filter(one -> one.path("kind").asText().equals(kind))
                .findFirst()
                .orElseThrow();
        try {
            if (is(check.path("inProgress").asText(), object)) return "InProgress";
            if (is(check.path("failed").asText(), object)) return "Failed";
            return is(check.path("current").asText(), object) ? "Current" : "InProgress";
        } catch (CelEvaluationException e) {
            return "InProgress";
        }
    }

    private static boolean is(String expression, Map<String, Object> object) throws CelEvaluationException {
        var compiler = CelCompilerFactory.standardCelCompilerBuilder()
                .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
                .setResultType(SimpleType.BOOL);
        for (var field : List.of("apiVersion", "kind", "metadata", "spec", "status")) {
            compiler.addVar(field, SimpleType.DYN);
        }
        try {
            var ast = compiler.build().compile(expression).getAst();
            var runtime = CelRuntimeFactory.standardCelRuntimeBuilder().build();
            // Of a field that is not there the runtime says that it is unknown.
            return Boolean.TRUE.equals(runtime.createProgram(ast).eval(object));
        } catch (CelValidationException e) {
            throw new AssertionError(expression, e);
        }
    }

    /** Whoever takes the base out of Git would delete the definitions, and with them every job. */
    @Test
    void argoCdAndFluxKeepTheDefinitions() {
        var annotations = yaml("crds/kustomization.yaml").path("commonAnnotations");

        assertThat(annotations.path("argocd.argoproj.io/sync-options").asText()).isEqualTo("Prune=false,Delete=false");
        assertThat(annotations.path("kustomize.toolkit.fluxcd.io/prune").asText())
                .isEqualTo("disabled");
    }

    private static JsonNode yaml(String file) {
        try {
            return JSON.valueToTree(Serialization.unmarshal(Files.readString(Path.of(file)), Map.class));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
