package io.syncjobs.simulation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.syncjobs.api.SyncJob;
import io.syncjobs.core.JobFields;
import io.syncjobs.kube.Wire;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** A watch of the unfinished jobs of one worker, or of its Lease, as bytes: every change in its order, some time later. */
final class SimStream extends InputStream {
    private static final Duration LIFE = Duration.ofMinutes(5);
    private static final Duration BOOKMARKS = Duration.ofMinutes(1);

    private final SimProcess process;
    private final String worker;
    private final ArrayDeque<byte[]> chunks = new ArrayDeque<>();
    private CompletableFuture<Boolean> more = new CompletableFuture<>();
    private Instant delivered = World.START;
    private long told;
    private Instant toldAt = World.START;
    private boolean followed;
    private int at;
    private boolean ended;

    SimStream(SimProcess process, String worker) {
        this.process = process;
        this.worker = worker;
        process.in(LIFE, this::end);
        bookmark();
    }

    boolean isOf(SimProcess other) {
        return process.equals(other);
    }

    /** A list has told of all until this version. */
    void startsAt(long version) {
        told = version;
    }

    /** True where this version has arrived at one who reads, and there is more to come. */
    boolean hasTold(long version) {
        return !ended && followed && told >= version;
    }

    /** The same, and the reader has had a moment for it. */
    boolean hadTold(long version) {
        return hasTold(version) && toldAt.isBefore(process.world.now());
    }

    /** Its connection breaks; who cannot be reached hears of it later. */
    void breaks() {
        process.arrives(process.world.now().plus(process.world.travel()), this::end);
    }

    boolean isEnded() {
        return ended;
    }

    /** A job has changed. */
    void tell(Optional<SyncJob> was, Optional<SyncJob> is) {
        var before = was.filter(this::isMatch);
        var after = is.filter(this::isMatch);
        if (after.isPresent()) send(before.isPresent() ? "MODIFIED" : "ADDED", after.get());
        else before.ifPresent(job -> send("DELETED", job));
    }

    /** An object with the name of the worker has changed. */
    void tell(ObjectNode object) {
        if (worker.equals(object.at("/metadata/name").asText())) send("MODIFIED", Wire.bytes(object), 0);
    }

    private boolean isMatch(SyncJob job) {
        var status = JobFields.statusOf(job);
        return !status.state().finished() && worker.equals(status.worker());
    }

    private void bookmark() {
        process.in(BOOKMARKS, () -> {
            if (ended) return;
            send("BOOKMARK", Wire.bytes(new SyncJob()), 0);
            bookmark();
        });
    }

    private void send(String type, SyncJob job) {
        send(type, Wire.bytes(job), JobFields.versionOf(job));
    }

    private void send(String type, byte[] object, long version) {
        var text = "{\"type\":\"" + type + "\",\"object\":" + new String(object, StandardCharsets.UTF_8) + "}\n";
        var arrives = process.world.now().plus(process.world.travel());
        if (arrives.isAfter(delivered)) delivered = arrives;
        process.arrives(delivered, () -> push(text.getBytes(StandardCharsets.UTF_8), version));
    }

    private void push(byte[] chunk, long version) {
        if (ended) return;
        told = Math.max(told, version);
        toldAt = process.world.now();
        chunks.add(chunk);
        more.complete(true);
    }

    private void end() {
        ended = true;
        more.complete(true);
    }

    @Override
    public int read() {
        throw new UnsupportedOperationException("it is read in blocks");
    }

    @Override
    public int read(byte[] target, int from, int length) {
        followed = true;
        while (chunks.isEmpty()) {
            if (ended) return -1;
            more = new CompletableFuture<>();
            SimThreads.await(more);
        }
        var chunk = chunks.element();
        var count = Math.min(length, chunk.length - at);
        System.arraycopy(chunk, at, target, from, count);
        at += count;
        if (at == chunk.length) {
            chunks.remove();
            at = 0;
        }
        return count;
    }

    @Override
    public void close() {
        end();
    }
}
