package io.syncjobs.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.cel.common.CelOptions;
import dev.cel.common.CelValidationException;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.extensions.CelOptionalLibrary;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncJobStatus;
import io.syncjobs.cluster.WarmJobs;
import io.syncjobs.cluster.WarmJobs.Forbidden;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The rules of the workers' fence, evaluated as the API server does: who has a job at all is asked of the API server's
 * authorizer, and is the business of WorkerFenceIT.
 */
class WorkersPolicyTest {
    private static final String WORKER = "shop-7f-a";
    private static final String OF_THE_STATUS_POLICY = "written by SyncJobs alone";

    /** Who writes: here it is the worker that has the job. */
    private static final Map<String, Object> OF_THE_AUTHORIZER = Map.of("free", false, "worker", true);

    /** What only says how it went. */
    private static final List<String> FREE = List.of("reason", "message", "reasonTime", "error");

    /** Numbers of CEL are long. */
    private static final ObjectMapper JSON =
            new ObjectMapper().enable(DeserializationFeature.USE_LONG_FOR_INTS).registerModule(new JavaTimeModule());

    private static final JsonNode POLICY = Chart.object(Map.of(), "ValidatingAdmissionPolicy", "syncjobs-status")
            .path("spec");

    private static final CelOptions OPTIONS = CelOptions.current().build();

    private static final CelCompiler COMPILER = CelCompilerFactory.standardCelCompilerBuilder()
            .setOptions(OPTIONS)
            .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
            .addLibraries(CelOptionalLibrary.INSTANCE)
            .addVar("object", SimpleType.DYN)
            .addVar("oldObject", SimpleType.DYN)
            .addVar("variables", SimpleType.DYN)
            .build();

    private static final CelRuntime RUNTIME = CelRuntimeFactory.standardCelRuntimeBuilder()
            .setOptions(OPTIONS)
            .addLibraries(CelOptionalLibrary.INSTANCE)
            .build();

    static Stream<Forbidden> forbidden() {
        return WarmJobs.forbidden()
                .filter(row -> row.who().equals("mine") && !row.why().equals(OF_THE_STATUS_POLICY));
    }

    static List<String> needed() {
        return WarmJobs.NEEDED;
    }

    @ParameterizedTest
    @MethodSource("needed")
    void aWorkerDoesWithItsJobWhatIsItsWork(String row) {
        var words = row.split(" ", -1);

        assertThat(refusals(words[0], words[1], "{}")).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("forbidden")
    void whatIsNotAWorkersToWriteIsRefused(Forbidden row) {
        assertThat(refusals(row.given(), row.step(), row.change()))
                .anySatisfy(refusal -> assertThat(refusal).contains(row.why()));
    }

    /** A field that comes later must not be free because nobody thought of this policy. */
    @Test
    void everyFieldOfTheStatusIsPinnedOrFreeOnPurpose() {
        var rules = POLICY.path("validations").toString();

        assertThat(SyncJobStatus.class.getRecordComponents())
                .extracting(RecordComponent::getName)
                .allSatisfy(field -> assertThat(FREE.contains(field)
                                || Stream.of("new.?" + field, "'" + field + "'")
                                        .anyMatch((rules + POLICY.path("variables"))::contains))
                        .as(field)
                        .isTrue());
    }

    private static List<String> refusals(String given, String step, String change) {
        var fresh = new SyncJob();
        fresh.getMetadata().setGeneration(1L);
        var job = WarmJobs.with(fresh, WarmJobs.status(fresh, given, WORKER));
        var patch = WarmJobs.patch(job.getStatus(), WarmJobs.next(job, WarmJobs.step(step)), change);
        var old = JSON.createObjectNode();
        old.set("status", JSON.valueToTree(job.getStatus()));
        var object = old.deepCopy();
        apply((ObjectNode) object.path("status"), patch);
        return evaluate(old, object);
    }

    /** A merge patch. */
    private static void apply(ObjectNode object, ObjectNode patch) {
        patch.properties().forEach(field -> {
            if (field.getValue().isNull()) object.remove(field.getKey());
            else if (field.getValue() instanceof ObjectNode more && object.get(field.getKey()) instanceof ObjectNode in)
                apply(in, more);
            else object.set(field.getKey(), field.getValue());
        });
    }

    private static List<String> evaluate(JsonNode old, JsonNode object) {
        var variables = new HashMap<String, Object>(OF_THE_AUTHORIZER);
        var input = Map.of("oldObject", plain(old), "object", plain(object), "variables", variables);
        for (var variable : POLICY.path("variables")) {
            if (OF_THE_AUTHORIZER.containsKey(variable.path("name").asText())) continue;
            variables.put(
                    variable.path("name").asText(),
                    value(variable.path("expression").asText(), input));
        }
        var refusals = new ArrayList<String>();
        for (var rule : POLICY.path("validations")) {
            var expression = rule.path("expression").asText();
            if (expression.startsWith("variables.free") || Boolean.TRUE.equals(value(expression, input))) continue;
            refusals.add(rule.path("message").asText());
        }
        return refusals;
    }

    private static Object plain(JsonNode value) {
        try {
            return JSON.readValue(value.toString(), Map.class);
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }

    private static Object value(String expression, Map<String, Object> input) {
        try {
            return RUNTIME.createProgram(COMPILER.compile(expression).getAst()).eval(input);
        } catch (CelValidationException | CelEvaluationException e) {
            throw new AssertionError(expression, e);
        }
    }
}
