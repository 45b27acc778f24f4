package io.syncjobs.simulation;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.syncjobs.api.State;
import io.syncjobs.kube.ApiException;
import io.syncjobs.kube.ProtobufList;
import io.syncjobs.kube.StreamApi;
import io.syncjobs.kube.Wire;
import java.io.InputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/** The API server as one simulated process reaches it: a thread that asks waits until the answer has travelled back. */
final class SimApi implements StreamApi {
    private final SimProcess process;
    private final SimRest server;

    SimApi(SimProcess process, SimRest server) {
        this.process = process;
        this.server = server;
    }

    @Override
    public byte[] get(String path) {
        return send("GET", path, "", () -> server.get(process, path));
    }

    @Override
    public Optional<byte[]> get(String path, int most, Duration patience) {
        return Optional.of(get(path));
    }

    @Override
    public Optional<byte[]> metadata(String path, int most) {
        return Optional.of(ProtobufList.of(get(path)));
    }

    @Override
    public byte[] create(String path, byte[] object) {
        var sent = Wire.tree(object);
        Supplier<byte[]> effect = () -> server.create(process, path, sent);
        return path.contains("/pods") ? createPod(path, sent, effect) : write("POST", path, sent, effect);
    }

    private byte[] write(String method, String path, ObjectNode body, Supplier<byte[]> effect) {
        var sent = process.world.now();
        var answer = send(method, path, body, effect);
        if (path.contains("/leases")) process.renewed(sent);
        return answer;
    }

    private byte[] createPod(String path, ObjectNode sent, Supplier<byte[]> effect) {
        var pod = SimPod.created(sent, process.world.now());
        process.world.judged(() -> server.reality().creating(pod));
        server.places().asksForPod(process, pod.job());
        try {
            return send("POST", path, sent, effect);
        } catch (ApiException e) {
            server.reality().notCreated(pod, e);
            throw e;
        }
    }

    @Override
    public byte[] patch(String path, byte[] changes) {
        var sent = Wire.tree(changes);
        var job = SimRest.jobOf(path);
        if (job.equals("-")) return write("PATCH", path, sent, () -> server.patch(process, path, sent));
        var left = new AtomicReference<>("");
        Supplier<byte[]> effect = () -> {
            var answer = server.patch(process, path, sent);
            left.set(server.versionOf(job));
            return answer;
        };
        var answer =
                SimRest.isStatusOfJob(path) ? patchStatus(path, job, sent, effect) : write("PATCH", path, sent, effect);
        server.ownWrites().answered(process, job, requireNonNull(left.get()));
        return answer;
    }

    private byte[] patchStatus(String path, String job, ObjectNode sent, Supplier<byte[]> effect) {
        var places = server.places();
        var status = sent.path("status");
        var givesPlace = status.path("state").asText().equals(State.ENQUEUED.toString());
        process.world.judged(() -> {
            if (givesPlace)
                server.sendsPlace(
                        process, job, sent.at("/metadata/resourceVersion").asText());
            places.reserves(process, job, status);
        });
        try {
            var answer = send("PATCH", path, sent, effect);
            places.reserved(process, job, status);
            return answer;
        } catch (ApiException e) {
            if (!e.mayHaveBeenDone()) places.over(process, job);
            else if (givesPlace) process.api.placeUnanswered(job);
            throw e;
        }
    }

    @Override
    public byte[] patchForMetadata(String path, byte[] changes) {
        return Wire.metadataOf(patch(path, changes));
    }

    @Override
    public byte[] delete(String path, byte[] options) {
        var sent = Wire.tree(options);
        return send("DELETE", path, sent, () -> server.delete(process, path, sent));
    }

    @Override
    public InputStream stream(String path) {
        var stream = send("WATCH", path, "", () -> server.stream(process, path));
        var begins = process.api.beginOfWatch();
        if (begins.isPositive()) process.sleep(begins);
        return stream;
    }

    private <T> T send(String method, String path, Object body, Supplier<T> effect) {
        var answer = new CompletableFuture<T>();
        process.call(
                SimRest.jobOf(path),
                new Told(method, path, body),
                effect,
                answer::complete,
                refusal -> answer.completeExceptionally(exception(refusal)));
        return SimThreads.await(answer);
    }

    /** A request as the story tells it. */
    record Told(String method, String path, Object body) {
        /** True where it changes what is stored. */
        boolean writes() {
            return !method.equals("GET") && !method.equals("WATCH") && !path.contains("dryRun=All");
        }

        @Override
        public String toString() {
            var shown = body instanceof JsonNode tree && tree.has("status") ? tree.get("status") : body;
            return method + " " + path.replaceAll("\\?.*", "").replaceAll(".*/v1(alpha1)?/", "") + " " + shown;
        }
    }

    private static ApiException exception(Refused refusal) {
        return new ApiException(
                refusal.code(), refusal.isAlreadyExists() ? "AlreadyExists" : "", String.valueOf(refusal.getMessage()));
    }
}
