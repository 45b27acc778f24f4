package io.syncjobs.it;

import static io.syncjobs.cluster.Manifest.job;
import static io.syncjobs.cluster.Manifest.queue;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.syncjobs.api.State;
import io.syncjobs.cluster.AuditLog.Write;
import io.syncjobs.cluster.ClusterTest;
import io.syncjobs.cluster.Release;
import io.syncjobs.cluster.TestJob;
import io.syncjobs.cluster.TestNamespace;
import io.syncjobs.cluster.Uptime;
import io.syncjobs.cluster.Waiting;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/**
 * Wrong, hostile, huge and odd objects, all at once: each is refused or says why, costs few writes, and disturbs nothing
 * else. The objects stand in src/test/resources/bad-input.
 */
@ClusterTest
@Order(5)
class BadInputIT {
    /** The release under test gives a pod 60 seconds to start; then it is stopped, and the tries of all others share two cores. */
    private static final Duration LONGEST = Duration.ofMinutes(4);

    /**
     * What the operator writes about one object at most: reserve, start and end; a pod, tried again after 5, 15 and 35 s,
     * and its deletion; a reason and another one, a stop, an event; taking a command, and what it refuses with an event.
     */
    private static final int MOST_WRITES = 12;

    /** How often a pod that the API server refuses is tried within 60 seconds: after 0, 5, 15 and 35. */
    private static final int MOST_TRIES = 4;

    /** Objects in templates.txt of which the pod is no Pod in the API server's eyes. */
    private static final int UNREADABLE = 12;

    @Test
    void eachIsRefusedOrSaysWhyAndNothingElseIsDisturbed(
            TestNamespace jobs, TestNamespace templates, TestNamespace healthy, Release release) {
        var begun = Instant.now();
        var uptime = Uptime.of(release);
        var all = new TreeMap<String, Integer>();
        healthy.apply(queue("default").worker("exit=0"), job("first"));
        jobs.apply(queue("default")
                .spec("capacity", 12)
                .worker("exit=0")); // as many as one node starts within podStartSeconds
        templates.apply(queue("default").spec("capacity", 1000));

        var queues = BadObject.read("queues.txt", "SyncQueue", UnaryOperator.identity());
        var first = BadObject.read("jobs.txt", "SyncJob", UnaryOperator.identity());
        var second = BadObject.read(
                "templates.txt", "SyncJob", template -> "{\"action\":\"a\",\"template\":" + template + "}");
        var wrong = new ArrayList<>(send(jobs, queues));
        wrong.addAll(send(jobs, first));
        healthy.apply(job("middle"));
        wrong.addAll(send(templates, second));
        healthy.apply(job("last"));
        if (!wrong.isEmpty()) System.out.println(String.join("\n", wrong));
        for (var each : healthy.jobs("first", "middle", "last")) each.await(State.DONE);

        wrong.addAll(await(jobs, first));
        wrong.addAll(await(templates, second));
        var writes = Math.max(mostWrites(jobs, release, begun, wrong), mostWrites(templates, release, begun, wrong));
        Stream.of(queues, first, second)
                .flatMap(List::stream)
                .forEach(object -> all.merge(object.isReason() ? "with a reason" : object.outcome(), 1, Integer::sum));
        System.out.println("bad input: " + all + ", most writes about one object " + writes + ", "
                + Duration.between(begun, Instant.now()).toSeconds() + " s");

        assertThat(wrong)
                .as(wrong.size() + " objects: " + String.join("\n", wrong))
                .isEmpty();
        assertThat(uptime.isUnbroken()).as("the operator was not restarted").isTrue();
        assertThat(uptime.errors()).isEmpty();
        assertThat(queues.size() + first.size() + second.size()).isGreaterThan(200);
    }

    /** Creates them; what is answered otherwise than it should be. */
    private static List<String> send(TestNamespace here, List<BadObject> objects) {
        var wrong = new ArrayList<String>();
        for (var object : objects) {
            var refusal = create(here, object);
            if (object.isRefused()) {
                var missing = missing(object, refusal.orElse(""));
                if (refusal.isEmpty()) wrong.add(object.name() + ": was not refused");
                else if (!missing.isEmpty()) wrong.add(object.name() + ": no \"" + missing + "\" in: " + refusal.get());
            } else if (refusal.isPresent()) {
                wrong.add(object.name() + ": was refused: " + refusal.get());
            }
        }
        return wrong;
    }

    private static Optional<String> create(TestNamespace here, BadObject object) {
        var plural = object.kind().equals("SyncJob") ? "syncjobs" : "syncqueues";
        var path = "/apis/syncjobs.io/v1alpha1/namespaces/" + here.name() + "/" + plural + "?fieldValidation=Strict";
        try {
            here.cluster().client().raw(path, "POST", object.body());
            return Optional.empty();
        } catch (KubernetesClientException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    /** Waits until each has come to its outcome; those that have not. */
    private static List<String> await(TestNamespace here, List<BadObject> objects) {
        var open = new ArrayList<>(
                objects.stream().filter(object -> !object.isRefused()).toList());
        var wrong = new TreeMap<String, String>();
        try {
            Waiting.until(
                    "all have come to their outcome",
                    LONGEST,
                    () -> {
                        open.removeIf(object -> isOver(object, here.job(object.name()), wrong));
                        return open.isEmpty();
                    },
                    () -> "");
        } catch (AssertionError e) {
            // told below, each with what is wrong
        }
        return open.stream()
                .map(object -> object.name() + " (" + object.outcome() + " " + object.words() + "): "
                        + wrong.getOrDefault(object.name(), "?"))
                .toList();
    }

    private static boolean isOver(BadObject object, TestJob job, Map<String, String> wrong) {
        var status = job.status();
        wrong.put(object.name(), status.json().toString());
        if (status.state().occupying()) return false; // what holds up its pod may still be told anew, again and again
        if (!object.isReason()) return status.state() == State.DONE;
        var told = object.outcome().equals(status.reason()) || object.outcome().equals(status.text("error.type"));
        return told && missing(object, status.message()).isEmpty();
    }

    private static String missing(BadObject object, String text) {
        return object.words().stream().filter(words -> !text.contains(words)).collect(joining(", "));
    }

    private static int mostWrites(TestNamespace here, Release release, Instant begun, List<String> wrong) {
        var counts = new TreeMap<String, List<String>>();
        for (var write : here.cluster().auditLog().writes(here, release.operatorUser())) {
            // The API server names no object that it cannot decode: those tries are counted together.
            counts.computeIfAbsent(subject(write), key -> new ArrayList<>()).add(write.what());
        }
        // The status of the queue that all of them are in follows their counts, every two seconds at most.
        var ofQueue =
                Objects.requireNonNullElse(counts.remove("default"), List.of()).size();
        if (ofQueue > 2 + Duration.between(begun, Instant.now()).toSeconds() / 2)
            wrong.add(ofQueue + " writes of a queue");
        counts.forEach((name, what) -> {
            if (!name.isEmpty() && what.size() > MOST_WRITES) wrong.add(name + ": " + what.size() + " writes " + what);
        });
        var nameless = Objects.requireNonNullElse(counts.remove(""), List.of()).size();
        if (nameless > MOST_TRIES * UNREADABLE) wrong.add(nameless + " tries to create pods that cannot be decoded");
        return counts.values().stream().mapToInt(List::size).max().orElse(0);
    }

    /** The job that a write is about: pods are named job-attempt-hash, events job.id. */
    private static String subject(Write write) {
        return switch (write.resource()) {
            case "pods" -> write.name().replaceAll("-\\d+-[0-9a-f]{8}$", "");
            case "events" -> write.name().replaceAll("\\.[0-9a-f]{8}$", "");
            default -> write.name();
        };
    }
}
