package io.syncjobs.kube;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.WatchEvent;
import io.syncjobs.api.Names;
import io.syncjobs.api.RawJson;
import io.syncjobs.api.State;
import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncQueue;
import io.syncjobs.api.SyncWorkerPool;
import io.syncjobs.core.JobFields;
import java.io.IOException;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever the API server takes into an object can be read, by what decisions need of it. */
class ResourceReaderTest {
    @Test
    void ofAPayloadAndATemplateACacheKeepsOnlyTheMeasure() {
        var job = read("{'payload':{'a':[1,{}]},'template':{'spec':{}}}", 0);

        var payload = Objects.requireNonNull(job.getSpec().payload());
        assertThat(payload.text()).isEmpty();
        assertThat(payload.bytes()).isEqualTo("{\"a\":[1,{}]}".length());
        assertThat(payload.depth()).isEqualTo(3);
        assertThat(payload.values()).isEqualTo(4);
        assertThat(Objects.requireNonNull(job.getSpec().template()).kind()).isEqualTo(RawJson.Kind.OBJECT);
    }

    @Test
    void jobsThatWaitForTheSameThingShareTheTextsThatSaySo() {
        var one = waiting("order-1");
        var other = waiting("order-2");

        assertThat(one.getMetadata().getNamespace())
                .isSameAs(other.getMetadata().getNamespace());
        assertThat(one.getMetadata().getCreationTimestamp())
                .isSameAs(other.getMetadata().getCreationTimestamp());
        assertThat(one.getSpec().queue()).isSameAs(other.getSpec().queue());
        assertThat(one.getSpec().action()).isSameAs(other.getSpec().action());
        assertThat(one.getStatus().reason()).isSameAs(other.getStatus().reason());
        assertThat(one.getStatus().message()).isSameAs(other.getStatus().message());
    }

    @Test
    void metadataThatAJobDoesNotHaveTakesNoMemory() {
        var one = waiting("order-1").getMetadata();
        var other = waiting("order-2").getMetadata();

        assertThat(one.getAnnotations()).isSameAs(other.getAnnotations()).isEmpty();
        assertThat(one.getLabels()).isSameAs(other.getLabels()).isEmpty();
        assertThat(one.getAdditionalProperties())
                .isSameAs(other.getAdditionalProperties())
                .isEmpty();
        assertThat(one.getFinalizers()).isSameAs(other.getFinalizers()).isEmpty();
        assertThat(one.getManagedFields()).isSameAs(other.getManagedFields()).isEmpty();
        assertThat(one.getOwnerReferences())
                .isSameAs(other.getOwnerReferences())
                .isEmpty();
    }

    private static SyncJob waiting(String name) {
        var json = """
                {'metadata':{'name':'%s','namespace':'shop','creationTimestamp':'2026-03-01T12:00:00Z',
                    'labels':{'of':'a stranger'},'annotations':{'of':'a stranger'},'managedFields':[{'manager':'kubectl'}]},
                'spec':{'queue':'orders','action':'export.order'},
                'status':{'state':'Pending','reason':'QueuePaused','message':'queue orders is paused'}}
                """.formatted(name);
        return Json.read(json.replace('\'', '"').getBytes(UTF_8), SyncJob.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1",
                "-0.10",
                "12345678901234567890",
                "1.50E+400",
                "\"ü $(HOME) \\\" \\\\ \\u0000\"",
                "[true,false,null,{\"\":{}}]"
            })
    void aPayloadThatIsAskedForIsTheSameTextWithEveryDigit(String json) {
        var job = Json.read(("{\"spec\":{\"payload\": " + json + " }}").getBytes(UTF_8), SyncJob.class, 100);

        assertThat(Objects.requireNonNull(job.getSpec().payload()).text()).hasValue(json);
    }

    @Test
    void ofOneThatIsTooLongNothingIsKeptAndItIsStillTheSame() {
        var large = "{'payload':{'x':[" + "{},".repeat(300_000) + "{}]}}";
        var kept = read(large, 2_000_000).getSpec().payload();
        var dropped = Objects.requireNonNull(read(large, 1_000).getSpec().payload());

        assertThat(dropped.text()).isEmpty();
        assertThat(dropped).isEqualTo(kept).isNotEqualTo(RawJson.of("{}"));
        assertThat(dropped.bytes()).isEqualTo(900_010);
    }

    @Test
    void howeverDeepOrLongItIsThereIsNoEndOfTheStack() {
        var deep = "[".repeat(9_990) + "]".repeat(9_990);
        var name = "k".repeat(1_400_000);

        assertThat(Objects.requireNonNull(
                                read("{'payload':" + deep + "}", 0).getSpec().payload())
                        .depth())
                .isEqualTo(9_990);
        assertThat(Objects.requireNonNull(read("{'payload':{'" + name + "':'" + name + "'}}", 0)
                                .getSpec()
                                .payload())
                        .bytes())
                .isEqualTo(2_800_007);
    }

    /** A tree of it, which would take fifty times its bytes, ends much higher. */
    @ParameterizedTest
    @ValueSource(strings = {"SyncJob", "SyncQueue", "SyncWorkerPool"})
    void noObjectOfAWatchIsReadByWayOfATree(String kind) throws IOException {
        var deep = "[".repeat(9_000) + "]".repeat(9_000);
        var event = Json.mapper()
                .readValue(
                        ("{\"type\":\"ADDED\",\"object\":{\"apiVersion\":\"syncjobs.io/v1alpha1\",\"kind\":\"" + kind
                                + "\",\"metadata\":{},\"spec\":{\"template\":" + deep + "}}}"),
                        WatchEvent.class);

        var template = switch (event.getObject()) {
            case SyncJob job -> job.getSpec().template();
            case SyncQueue queue -> queue.getSpec().template();
            case SyncWorkerPool pool -> pool.getSpec().template();
            default -> throw new AssertionError(event.getObject());
        };
        assertThat(Objects.requireNonNull(template).depth()).isEqualTo(9_000);
    }

    @Test
    void ofMetadataOnlyWhatIsReadIsKept() {
        var job = Json.read(
                json("{'metadata':{'name':'a','namespace':'shop','uid':'u','resourceVersion':'7','generation':2,"
                        + "'labels':{'a':'b'},'managedFields':[{'fieldsV1':{}}],'ownerReferences':[{'uid':'x'}],"
                        + "'annotations':{'note':'" + "n".repeat(250_000) + "','syncjobs.io/requeue':'now',"
                        + "'syncjobs.io/set-done':'" + "d".repeat(250_000) + "','syncjobs.io/unreadable':'no'}}}"),
                SyncJob.class);

        var meta = job.getMetadata();
        assertThat(meta.getName() + meta.getNamespace() + meta.getUid() + meta.getResourceVersion())
                .isEqualTo("ashopu7");
        assertThat(meta.getManagedFields()).isEmpty();
        assertThat(meta.getOwnerReferences()).isEmpty();
        assertThat(meta.getAnnotations()).containsOnlyKeys(Names.REQUEUE, Names.SET_DONE);
        assertThat(meta.getAnnotations().get(Names.SET_DONE)).hasSize(Metadata.LONGEST_VALUE);
    }

    @Test
    void oneThatCannotBeReadSaysSoAndLeavesTheOthersAlone() {
        var job = Json.read(
                json("{'metadata':{'name':'a'},'spec':{'retry':{'limit':{'x':[1,2]}},'action':'a'},"
                        + "'status':{'state':'Started'}}"),
                SyncJob.class);

        assertThat(job.getMetadata().getAnnotations().get(Names.UNREADABLE)).startsWith("spec cannot be read: ");
        assertThat(JobFields.statusOf(job).state()).isEqualTo(State.STARTED);
    }

    @Test
    void aWatchTellsOfOurObjectsOfPodsAndOfErrors() throws JsonProcessingException {
        assertThat(event("{'apiVersion':'syncjobs.io/v1alpha1','kind':'SyncJob','metadata':{'name':'a'},'spec':{"
                        + "'payload':{'x':1},'action':'act'}}"))
                .isInstanceOfSatisfying(SyncJob.class, job -> {
                    assertThat(job.getMetadata().getName()).isEqualTo("a");
                    assertThat(job.getSpec().action()).isEqualTo("act");
                });
        // By the client's own reader, which knows the product's classes once they were used.
        assertThat(event("{'metadata':{'name':'late'},'kind':'SyncJob','apiVersion':'syncjobs.io/v1alpha1'}"))
                .isInstanceOfSatisfying(
                        HasMetadata.class,
                        late -> assertThat(late.getMetadata().getName()).isEqualTo("late"));
        assertThat(event("{'kind':'Pod','apiVersion':'v1','metadata':{'name':'p'},'spec':{'nodeName':'n'}}"))
                .isInstanceOfSatisfying(
                        Pod.class,
                        pod -> assertThat(pod.getSpec().getNodeName()).isEqualTo("n"));
        assertThat(event("{'kind':'Status','apiVersion':'v1','code':410}"))
                .isInstanceOfSatisfying(
                        Status.class, status -> assertThat(status.getCode()).isEqualTo(410));
    }

    private static Object event(String object) throws JsonProcessingException {
        var text = new String(json("{'type':'ADDED','object':" + object + "}"), UTF_8);
        var event = Json.mapper().readValue(text, WatchEvent.class);
        assertThat(event.getType()).isEqualTo("ADDED");
        return event.getObject();
    }

    private static SyncJob read(String spec, int keep) {
        return Json.read(json("{'kind':'SyncJob','spec':" + spec + "}"), SyncJob.class, keep);
    }

    private static byte[] json(String text) {
        return text.replace('\'', '"').getBytes(UTF_8);
    }

    @Test
    void aWatchThatBringsWhatIsNoJsonBeginsAnew() throws IOException {
        var event = Json.mapper()
                .readValue(
                        "{\"type\":\"ADDED\",\"object\":{\"kind\":\"SyncJob\",\"metadata\":{\"name\":\"a\0\0",
                        WatchEvent.class);

        assertThat(event.getType()).isEqualTo("ERROR");
        assertThat(event.getObject())
                .isInstanceOfSatisfying(
                        Status.class, gone -> assertThat(gone.getCode()).isEqualTo(410));
    }
}
