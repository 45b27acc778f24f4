package io.syncjobs.simulation;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.syncjobs.api.Names;
import io.syncjobs.api.SyncJobStatus;
import io.syncjobs.core.JobFields;
import io.syncjobs.kube.Wire;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.net.URLDecoder;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** The paths of the API server: what stands in requests and answers, from and to what {@link ApiServer} does. */
final class SimRest {
    /** A namespace that the product is told to serve, and has no rights in. */
    static final String CLOSED = "attic";

    private static final Pattern PATH =
            Pattern.compile("/apis?/(?<api>.*?v1[a-z0-9]*)(/namespaces/[^/]+)?/(?<kind>[a-z]+)(/(?<name>[^/?]+))?"
                    + "(/(?<part>[a-z]+))?(\\?(?<query>.*))?");

    private static final String PLACES = "status.state!=Pending";

    private final ApiServer api;

    /** Texts of objects, by their uid, as long as their version stands. */
    private final Map<String, Text> texts = new HashMap<>();

    @SuppressWarnings("ArrayRecordComponent") // nobody compares texts
    private record Text(String version, byte[] json) {}

    private record Target(String kind, String name, String part, String query) {
        static Target of(String path) {
            var match = PATH.matcher(path);
            if (!match.matches()) throw new IllegalArgumentException("no path of the simulated API server: " + path);
            var query = Optional.ofNullable(match.group("query")).orElse("");
            var kind = match.group("kind");
            return new Target(
                    kind.equals("leases") && match.group("api").startsWith("coordination") ? "leases" : kind,
                    Optional.ofNullable(match.group("name")).orElse(""),
                    Optional.ofNullable(match.group("part")).orElse(""),
                    URLDecoder.decode(query, UTF_8));
        }
    }

    SimRest(ApiServer api) {
        this.api = api;
    }

    Reality reality() {
        return api.reality();
    }

    PlaceJudge places() {
        return api.judge().places();
    }

    void sendsPlace(SimProcess by, String job, String version) {
        places().sends(by, job, version);
        if (version.equals(versionOf(job)))
            api.judge().sending(by, api.jobNamed(job).orElseThrow(), api.jobs().values());
    }

    OwnWriteJudge ownWrites() {
        return api.judge().ownWrites();
    }

    /** Of the job as it is now; empty where it is gone. */
    String versionOf(String job) {
        return api.jobNamed(job)
                .map(each -> each.getMetadata().getResourceVersion())
                .orElse("");
    }

    /** True for a write of a job's status that is no dry run. */
    static boolean isStatusOfJob(String path) {
        return isStatusOfJob(Target.of(path));
    }

    private static boolean isStatusOfJob(Target target) {
        return target.kind().equals("syncjobs")
                && target.part().equals("status")
                && !target.query().contains("dryRun=All");
    }

    /** Whom a request is about, as the story has it. */
    static String jobOf(String path) {
        var target = Target.of(path);
        return target.kind().equals("syncjobs") && !target.name().isEmpty() ? target.name() : "-";
    }

    byte[] get(SimProcess by, String path) {
        var target = Target.of(path);
        var mayList =
                !api.isClosed() || by instanceof SimWorker || !target.name().isEmpty();
        if (!mayList || path.contains("/namespaces/" + CLOSED + "/")) throw new Refused(403, "may not read " + path);
        if (tellsPlaces(by, target)) places().reads(by);
        return target.name().isEmpty() ? list(target) : one(target);
    }

    /** A minute run reads all jobs, an operator those that have places. */
    private static boolean tellsPlaces(SimProcess by, Target target) {
        return target.kind().equals("syncjobs")
                && target.name().isEmpty()
                && (by instanceof SimMinuteRun || target.query().contains(PLACES));
    }

    private byte[] one(Target target) {
        var name = target.name();
        return switch (target.kind()) {
            case "syncjobs" -> job(name);
            case "pods" -> target.part().equals("log") ? new byte[0] : pod(name);
            case "syncqueues" -> Wire.bytes(api.queue(name));
            case "cronjobs" -> cronJob();
            case "syncleases" -> Wire.bytes(api.leases().get(name));
            case "leases" ->
                Wire.bytes(
                        isOurs(name)
                                ? api.leases().get(name)
                                : api.pool().leases().get(name));
            default -> throw new Refused(404, target + " not found");
        };
    }

    private static boolean isOurs(String lease) {
        return lease.equals(SimProcess.LEADER) || lease.equals(SimProcess.ENQUEUER);
    }

    private byte[] job(String name) {
        return api.jobNamed(name)
                .map(job -> text(job.getMetadata().getUid(), job.getMetadata().getResourceVersion(), job))
                .orElseThrow(() -> new Refused(404, name + " not found"));
    }

    private byte[] cronJob() {
        var cronJob = JsonNodeFactory.instance.objectNode();
        cronJob.putObject("metadata").put("creationTimestamp", World.START.toString());
        var status = cronJob.putObject("status");
        api.lastScheduled().ifPresent(time -> status.put("lastScheduleTime", time.toString()));
        api.lastSuccessful().ifPresent(time -> status.put("lastSuccessfulTime", time.toString()));
        return Wire.bytes(cronJob);
    }

    private byte[] pod(String name) {
        var pod = api.pods().all().get(name);
        return pod == null ? Wire.bytes(api.pool().pods().get(name)) : text(pod);
    }

    private byte[] text(SimPod pod) {
        return text(pod.view().uid(), pod.view().version(), pod);
    }

    private byte[] text(String uid, String version, Object object) {
        var known = texts.get(uid);
        if (known == null || !known.version().equals(version)) {
            known = new Text(version, Wire.bytes(object instanceof SimPod pod ? pod.json() : object));
            texts.put(uid, known);
        }
        return known.json();
    }

    private byte[] list(Target target) {
        var items = new ByteArrayOutputStream();
        items.writeBytes(("{\"metadata\":{\"resourceVersion\":\"" + api.version() + "\"},\"items\":[").getBytes(UTF_8));
        var separator = "";
        for (var item : items(target)) {
            items.writeBytes(separator.getBytes(UTF_8));
            items.writeBytes(item);
            separator = ",";
        }
        items.writeBytes("]}".getBytes(UTF_8));
        return items.toByteArray();
    }

    private List<byte[]> items(Target target) {
        return switch (target.kind()) {
            case "syncjobs" -> {
                var places = target.query().contains(PLACES);
                var worker =
                        target.query().contains("status.worker=") ? between(target.query(), "status.worker=", ",") : "";
                yield api.jobs().values().stream()
                        .filter(job -> worker.isEmpty()
                                || (worker.equals(JobFields.statusOf(job).worker())
                                        && !JobFields.statusOf(job).state().finished()))
                        .filter(job ->
                                !places || JobFields.statusOf(job).state().occupying())
                        .map(job -> text(SimCaches.uid(job), job.getMetadata().getResourceVersion(), job))
                        .toList();
            }
            case "pods" ->
                target.query().contains(Names.POOL)
                        ? texts(api.pool().pods())
                        : api.pods().all().values().stream().map(this::text).toList();
            case "syncqueues" -> api.queues().values().stream().map(Wire::bytes).toList();
            case "syncworkerpools" -> List.of(Wire.bytes(SimPool.object()));
            case "leases" -> texts(api.pool().leases());
            case "events" -> List.of();
            default -> throw new Refused(404, target + " not found");
        };
    }

    private static List<byte[]> texts(SimObjects objects) {
        return objects.all(any -> true).stream().map(Wire::bytes).toList();
    }

    /** Of jobs what has changed since the version that the query names, of a Lease the Lease; and what changes from now on. */
    InputStream stream(SimProcess by, String path) {
        var target = Target.of(path);
        var query = target.query();
        if (target.kind().equals("leases")) {
            var lease = new SimStream(by, between(query, "metadata.name=", "&"));
            api.pool().leases().stream(lease);
            return lease;
        }
        var stream = new SimStream(by, between(query, "status.worker=", ","));
        api.stream(stream, Long.parseLong(between(query + "&", "resourceVersion=", "&")));
        return stream;
    }

    private static String between(String text, String begin, String end) {
        var from = text.indexOf(begin) + begin.length();
        return text.substring(from, text.indexOf(end, from));
    }

    byte[] create(SimProcess by, String path, ObjectNode object) {
        return switch (Target.of(path).kind()) {
            case "syncleases" -> Wire.bytes(api.leases().create(object));
            case "leases" -> Wire.bytes(api.pool().create(by, object));
            case "pods" -> {
                api.pods().create(by.identity(), SimPod.created(object, api.now()), by.isWaiting());
                yield Wire.bytes(object);
            }
            case "events" -> Wire.bytes(object);
            default -> throw new Refused(404, path + " not found");
        };
    }

    byte[] patch(SimProcess by, String path, ObjectNode changes) {
        var target = Target.of(path);
        var name = target.name();
        return switch (target.kind()) {
            case "syncleases" -> Wire.bytes(api.leases().patch(name, changes));
            case "leases" -> Wire.bytes(api.pool().leases().patch(name, changes));
            case "syncqueues" -> {
                api.judge().statuses().queue(by, name, changes.path("status"));
                yield Wire.bytes(api.queueStatus(name, changes));
            }
            case "syncjobs" -> patchJob(by, target, changes);
            default -> throw new Refused(404, path + " not found");
        };
    }

    private byte[] patchJob(SimProcess by, Target target, JsonNode changes) {
        mustSay(target.name(), changes.path("metadata"));
        if (isStatusOfJob(target)) places().over(by, target.name());
        api.judge().statuses().texts(target.name(), changes.path("status"));
        api.jobNamed(target.name())
                .ifPresent(job -> api.judge().ownWrites().asks(by, job, changes.at("/metadata/resourceVersion")));
        var stored = api.seen(target.name(), changes.path("metadata"));
        if (!target.part().equals("status")) {
            var annotations = new HashMap<String, Optional<String>>();
            changes.at("/metadata/annotations")
                    .properties()
                    .forEach(each -> annotations.put(
                            each.getKey(),
                            Optional.of(each.getValue())
                                    .filter(value -> !value.isNull())
                                    .map(JsonNode::asText)));
            api.annotate(stored, annotations);
            return job(target.name());
        }
        var status = Wire.treeOf(JobFields.statusOf(stored));
        Wire.merge(status, changes.path("status"));
        var next = Wire.value(status, SyncJobStatus.class);
        if (target.query().contains("dryRun=All")) api.tryPlace(by.identity(), stored, next);
        else api.writeStatus(by, stored, next);
        return job(target.name());
    }

    /** Nothing is changed or deleted but as it was seen. */
    private static void mustSay(String name, JsonNode seen) {
        if (!seen.has("uid") || !seen.has("resourceVersion")) throw new Judge.Broken(name, "is written to unseen");
    }

    byte[] delete(SimProcess by, String path, JsonNode options) {
        var target = Target.of(path);
        var seen = options.path("preconditions");
        mustSay(target.name(), seen);
        switch (target.kind()) {
            case "syncjobs" -> api.deleteJob(api.seen(target.name(), seen));
            case "pods" ->
                api.pods()
                        .deleteAsSeen(
                                by.identity(),
                                target.name(),
                                seen.path("uid").asText(),
                                seen.path("resourceVersion").asText(),
                                Duration.ofSeconds(30));
            default -> throw new Refused(404, path + " not found");
        }
        return Wire.bytes(JsonNodeFactory.instance.objectNode().put("kind", "Status"));
    }
}
