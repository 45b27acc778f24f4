package io.syncjobs.kube;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.syncjobs.core.Text;
import io.syncjobs.core.run.PodEvent;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes and reads events on the product's objects, as kubectl describe shows them. */
public final class Events {
    private static final Logger LOG = LoggerFactory.getLogger(Events.class);
    private static final int LONGEST_NAME = 253;
    private static final int LONGEST_EVENTS = 512 * 1024;

    /** Each that is not written yet holds its object. */
    private static final int MOST_WAITING = 200;

    /** The same for one namespace, and how many of these are written at once: one that takes no events keeps no other from its own. */
    private static final int MOST_OF_ONE = MOST_WAITING / NamespaceShare.PARTS;

    private static final int AT_ONCE_OF_ONE = 2;

    private final Api api;
    private final InstantSource clock;
    private final EventBudget budget;
    private final Executor threads;
    private final String component;
    private final AtomicLong dropped = new AtomicLong();
    private final Map<String, Integer> waiting = new HashMap<>();
    private final NamespaceShare share = new NamespaceShare(AT_ONCE_OF_ONE);

    /**
     * Nothing is written before the first warning.
     *
     * @param threads run the writes, so that the caller never waits for an API server that hangs
     * @param component the name of the reporting process's pod
     */
    public Events(Api api, InstantSource clock, Ticker ticker, Executor threads, String component) {
        this.api = api;
        this.clock = clock;
        this.threads = threads;
        this.component = component;
        budget = new EventBudget(ticker);
    }

    /** The events about the pod with this uid, latest first. */
    public List<PodEvent> ofPod(String namespace, String uid) {
        var path = "/api/v1/namespaces/" + namespace + "/events?limit=200&fieldSelector=involvedObject.uid%3D" + uid;
        // Anybody may have written events, each as large as etcd allows. If they are too long together, they are
        // ignored.
        var read = api.get(path, LONGEST_EVENTS);
        if (read.isEmpty()) return List.of();
        var list = Json.tree(read.get());
        return StreamSupport.stream(list.path("items").spliterator(), false)
                .map(Events::read)
                .toList()
                // They are listed in the order in which they were first written. Many have the same second.
                .reversed()
                .stream()
                .sorted(Comparator.comparing(PodEvent::last).reversed())
                .toList();
    }

    static PodEvent read(JsonNode event) {
        return new PodEvent(
                event.path("type").asText("").equals("Warning"),
                event.path("reason").asText(""),
                event.path("message").asText(""),
                container(event.at("/involvedObject/fieldPath").asText("")),
                last(event));
    }

    /** {@code spec.containers{worker}} is about the container worker. */
    private static String container(String fieldPath) {
        var open = fieldPath.indexOf('{');
        return open < 0 || !fieldPath.endsWith("}") ? "" : fieldPath.substring(open + 1, fieldPath.length() - 1);
    }

    /** A kubelet counts events that repeat. A scheduler writes events of a newer form, which have other times. */
    private static Instant last(JsonNode event) {
        return Stream.of("/series/lastObservedTime", "/lastTimestamp", "/eventTime", "/metadata/creationTimestamp")
                .flatMap(field -> PodViews.time(event.at(field).textValue()).stream())
                .findFirst()
                .orElse(Instant.EPOCH);
    }

    /** The number of events that were dropped because there were too many, or because they were refused. */
    public long dropped() {
        return dropped.get();
    }

    /** Warns about an object. The event is written soon, unless there are too many; this never fails. */
    public void warn(HasMetadata about, String reason, String message) {
        var namespace = about.getMetadata().getNamespace();
        if (!budget.take(namespace)) drop("too many events");
        else if (!enter(namespace)) drop("the API server does not take events");
        else inTurn(UUID.randomUUID().toString(), about, reason, message);
    }

    private synchronized boolean enter(String namespace) {
        var all = waiting.values().stream().mapToInt(Integer::intValue).sum();
        if (all >= MOST_WAITING || waiting.getOrDefault(namespace, 0) >= MOST_OF_ONE) return false;
        waiting.merge(namespace, 1, Integer::sum);
        return true;
    }

    private synchronized void leave(String namespace) {
        waiting.computeIfPresent(namespace, (name, count) -> count == 1 ? null : count - 1);
    }

    private void inTurn(String id, HasMetadata about, String reason, String message) {
        var namespace = about.getMetadata().getNamespace();
        if (share.take(namespace, id, () -> inTurn(id, about, reason, message)))
            threads.execute(() -> write(id, about, reason, message));
    }

    private void write(String id, HasMetadata about, String reason, String message) {
        var namespace = about.getMetadata().getNamespace();
        try {
            create(id, about, Text.message(reason), Text.message(message));
        } catch (RuntimeException e) {
            // A namespace that accepts no events must not hold up its jobs.
            drop(e.toString());
        } finally {
            leave(namespace);
            share.give(namespace);
        }
    }

    /** Logs the first dropped event, the tenth, the hundredth, and so on. */
    private void drop(String why) {
        var all = dropped.incrementAndGet();
        if (Long.toString(all).matches("10*")) LOG.warn("events not written so far: {}; the last one: {}", all, why);
    }

    private void create(String id, HasMetadata about, String reason, String message) {
        var meta = about.getMetadata();
        var now = clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
        var event = Json.object().put("apiVersion", "v1").put("kind", "Event");
        event.putObject("metadata").put("name", name(meta.getName(), id)).put("namespace", meta.getNamespace());
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

    /** The object's name, shortened if necessary, and an id. */
    static String name(String about, String id) {
        var end = "." + id.substring(0, 8);
        var stem = about.substring(0, Math.min(about.length(), LONGEST_NAME - end.length()));
        return stem.replaceAll("[-.]+$", "") + end;
    }
}
