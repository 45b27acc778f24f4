package io.syncjobs.kube;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.stream.StreamSupport;

/** Events on the product's objects, as kubectl describe shows them. */
public final class Events {
    private static final int LONGEST_NAME = 253;

    private final Api api;
    private final InstantSource clock;
    private final String component;

    /** {@code component} is the name of the process that reports, its pod. */
    public Events(Api api, InstantSource clock, String component) {
        this.api = api;
        this.clock = clock;
        this.component = component;
    }

    /** Reason and text of a warning about an object. */
    public record Warning(String reason, String message) {}

    /** The warnings about the object with this uid, latest first. */
    public List<Warning> warnings(String namespace, String uid) {
        var list = Json.tree(api.get("/api/v1/namespaces/" + namespace
                + "/events?limit=50&fieldSelector=type%3DWarning,involvedObject.uid%3D" + uid));
        return StreamSupport.stream(list.path("items").spliterator(), false)
                .sorted(Comparator.comparing(
                                (JsonNode event) -> event.path("lastTimestamp").asText(""))
                        .reversed())
                .map(event -> new Warning(
                        event.path("reason").asText(""), event.path("message").asText("")))
                .toList();
    }

    /** Tells a person about something that needs attention. */
    public void warn(HasMetadata about, String reason, String message) {
        var meta = about.getMetadata();
        var now = clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
        var event = Json.object().put("apiVersion", "v1").put("kind", "Event");
        event.putObject("metadata")
                .put("name", name(meta.getName(), UUID.randomUUID().toString()))
                .put("namespace", meta.getNamespace());
        event.putObject("involvedObject")
                .put("apiVersion", about.getApiVersion())
                .put("kind", about.getKind())
                .put("namespace", meta.getNamespace())
                .put("name", meta.getName())
                .put("uid", meta.getUid());
        event.put("type", "Warning").put("reason", reason).put("message", message);
        event.put("firstTimestamp", now).put("lastTimestamp", now).put("count", 1);
        event.putObject("source").put("component", "syncjobs");
        event.put("reportingComponent", "syncjobs.io/operator").put("reportingInstance", component);
        api.create("/api/v1/namespaces/" + meta.getNamespace() + "/events", Json.bytes(event));
    }

    /** The object's name, cut where it is as long as a name may be, and an id. */
    static String name(String about, String id) {
        var end = "." + id.substring(0, 8);
        var stem = about.substring(0, Math.min(about.length(), LONGEST_NAME - end.length()));
        return stem.replaceAll("[-.]+$", "") + end;
    }
}
