package io.syncjobs.agent;

import io.syncjobs.api.SyncJob;
import io.syncjobs.core.job.Statuses;
import io.syncjobs.core.job.Step;
import io.syncjobs.core.worker.HandlerAnswer;
import io.syncjobs.core.worker.HandlerRequest;
import io.syncjobs.core.worker.Move;
import io.syncjobs.core.worker.Progress;
import io.syncjobs.core.worker.Task;
import io.syncjobs.core.worker.Tasks;
import io.syncjobs.kube.ApiException;
import io.syncjobs.kube.Jobs;
import io.syncjobs.kube.Ticker;
import io.syncjobs.kube.WorkerJobs;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * The jobs of one worker. An event arrives, {@link Tasks} decides what to do, and another thread does it and reports the result
 * back. Nothing waits while it holds the lock.
 */
final class Agent implements WorkerJobs.Listener {
    private static final int MOST_SUSPECTS = 1000;

    /** So many bytes of payloads are kept for calls to come. A worker may have a thousand slots, and this process is small. */
    private static final int MOST_PAYLOADS = 4 * 1024 * 1024;

    private final AgentSettings settings;
    private final Jobs jobs;
    private final Requests requests;
    private final Calls calls;
    private final Pulse pulse;
    private final CallAnswers answers;
    private final InstantSource steady;
    private final Ticker ticker;
    private final Executor executor;
    private final Map<String, Held> all = new LinkedHashMap<>();

    /**
     * The uids of the last jobs that were given back while the handler worked on them. If the agent sees one of them again, only the
     * handler was restarted.
     */
    private final SequencedSet<String> suspects = new LinkedHashSet<>();

    /** {@code steady} measures what lasts, and {@code executor} runs requests to the API server and to the handler. */
    Agent(
            AgentSettings settings,
            Jobs jobs,
            Calls calls,
            Pulse pulse,
            InstantSource steady,
            Ticker ticker,
            Executor executor) {
        this.settings = settings;
        this.jobs = jobs;
        requests = new Requests(jobs);
        this.calls = calls;
        this.pulse = pulse;
        answers = new CallAnswers(pulse, steady);
        this.steady = steady;
        this.ticker = ticker;
        this.executor = executor;
    }

    @Override
    public synchronized void listed(List<SyncJob> seen) {
        var uids = seen.stream().map(job -> job.getMetadata().getUid()).collect(Collectors.toSet());
        var gone = jobs.uids();
        gone.removeAll(uids);
        gone.removeAll(all.keySet());
        jobs.forget(gone);
        seen.forEach(this::changed);
        for (var held : List.copyOf(all.values())) if (!uids.contains(held.uid)) look(held);
        pulse.listed();
        tick();
    }

    @Override
    public synchronized void changed(SyncJob cached) {
        var job = jobs.newest(cached);
        var held = all.get(job.getMetadata().getUid());
        if (held == null) {
            if (!Task.isOf(job, settings.pod())) return;
            var suspect = suspects.contains(job.getMetadata().getUid());
            held = new Held(job, Task.of(job, steady.instant(), suspect));
            if (all.values().stream().mapToInt(Held::payloadBytes).sum() >= MOST_PAYLOADS) held.forgetPayload();
            all.put(held.uid, held);
        } else held.adopt(job);
        move(held);
    }

    @Override
    public synchronized void left(SyncJob job) {
        var held = all.get(job.getMetadata().getUid());
        // The watch does not say why the job left: this worker may have finished it, or it was given to another worker
        // or deleted.
        if (held != null) look(held);
        else jobs.forget(Set.of(job.getMetadata().getUid()));
    }

    /** Does what has become due. Called several times a second. */
    public synchronized void tick() {
        pulse.beat(new Pulse.Load(
                any(Progress.Foreign.class),
                any(Progress.Calling.class),
                slots(held -> !held.task.isStillOf(settings.pod()))));
        moveAll();
    }

    private boolean any(Class<? extends Progress> kind) {
        return all.values().stream().anyMatch(held -> kind.isInstance(held.task.progress()));
    }

    /** True if the worker has no job. */
    public synchronized boolean isIdle() {
        return all.isEmpty();
    }

    private void moveAll() {
        List.copyOf(all.values()).forEach(this::move);
    }

    private void look(Held held) {
        held.look = true;
        move(held);
    }

    /** Makes one move after the other, until the next one has to wait for something. */
    private void move(Held held) {
        while (!held.busy && all.get(held.uid) == held && !held.mustPause(ticker.nanos())) {
            if (held.look) {
                read(held);
                return;
            }
            switch (Tasks.next(held.task, pulse.situation(freeSlotsFor(held)))) {
                case Move.Wait wait -> {
                    return;
                }
                case Move.Write write -> write(held, write.change());
                case Move.Call call -> call(held);
                case Move.Leave leave -> leave(held, leave.why());
                case Move.Cancel cancel -> {
                    if (held.telling && (cancel.end() || !pulse.isNearlyOver())) return;
                    cancel(held, cancel.end());
                }
            }
        }
    }

    /** The slots are counted only for a job that has none: they may be a thousand, and each move asks. */
    private int freeSlotsFor(Held held) {
        return held.task.progress().takesSlot() ? 0 : settings.slots() - slots(any -> true);
    }

    private int slots(Predicate<Held> which) {
        return (int) all.values().stream()
                .filter(held -> held.task.progress().takesSlot() && which.test(held))
                .count();
    }

    private void write(Held held, Step.Change change) {
        var job = held.task.job().orElseThrow();
        var here = pulse.situation(0);
        var next = Statuses.after(job, change, Tasks.time(held.task, here));
        if (Tasks.isInterrupted(held.task, change, here)) suspect(held.uid);
        if (change instanceof Step.Start) held.task = held.task.with(new Progress.Taken());
        run(held, () -> {
            var written = requests.writeStatus(job, next);
            return () -> {
                held.succeeded();
                held.adopt(written);
                Story.wrote(written, held.task, change);
                if (!held.task.isStillOf(settings.pod())) remove(held);
            };
        });
    }

    private void suspect(String uid) {
        suspects.add(uid);
        if (suspects.size() > MOST_SUSPECTS) suspects.removeFirst();
    }

    /** Reads the job again; the next move depends on what it is now. */
    private void read(Held held) {
        held.look = false;
        run(held, () -> {
            var read = requests.read(held.last);
            return () -> read.ifPresentOrElse(held::adopt, () -> held.task = held.task.deleted());
        });
    }

    private void call(Held held) {
        var job = held.task.job().orElseThrow();
        run(held, () -> {
            var whole = requests.whole(job);
            return () -> start(held, whole);
        });
    }

    /** Decides once more before the call, because the process may have been frozen since the first decision. */
    private void start(Held held, SyncJob whole) {
        held.succeeded();
        if (!(Tasks.next(held.task, pulse.situation(freeSlotsFor(held))) instanceof Move.Call)) return;
        var number = ++held.calls;
        held.task = held.task.with(new Progress.Calling());
        held.call = Optional.of(
                calls.start(HandlerRequest.call(whole, settings.handler()), answer -> answered(held, number, answer)));
        held.forgetPayload();
    }

    private synchronized void answered(Held held, int number, HandlerAnswer answer) {
        if (held.calls != number || all.get(held.uid) != held) return;
        held.call = Optional.empty();
        held.task = held.task.with(answers.progress(held, answer));
        move(held);
    }

    private void cancel(Held held, boolean end) {
        var path = settings.handler().cancelPath();
        if (path.isEmpty() || held.telling) {
            held.task = held.task.cancelled(steady.instant(), end);
            return;
        }
        held.telling = true;
        var request = HandlerRequest.cancel(held.last, path.get());
        executor.execute(() -> {
            calls.tell(request);
            told(held, end);
        });
    }

    private synchronized void told(Held held, boolean end) {
        held.telling = false;
        held.task = held.task.cancelled(steady.instant(), end);
        move(held);
    }

    private void leave(Held held, String why) {
        Story.left(held.last, held.task, why);
        remove(held);
    }

    /** Forgets an attempt, and ends the connection of a call that nobody waits for any more. Its slot is free for a job that waits. */
    private void remove(Held held) {
        held.call.ifPresent(Calls.Call::abandon);
        all.remove(held.uid);
        // The watch has reported already that the job left, and will not report it again.
        if (held.look) jobs.forget(Set.of(held.uid));
        // The job may have come back to this worker as the next attempt.
        if (held.task.job().filter(job -> Task.isOf(job, settings.pod())).isPresent()) changed(held.last);
        moveAll();
    }

    /** A request to the API server. {@code send} returns what to do after its answer, under the lock. */
    private interface Request {
        Runnable send();
    }

    private void run(Held held, Request request) {
        held.busy = true;
        executor.execute(() -> {
            try {
                succeeded(held, request.send());
            } catch (ApiException e) {
                failed(held, e);
            } catch (RuntimeException e) {
                failed(held, new ApiException("it could not be done: " + e, e));
            }
        });
    }

    private synchronized void succeeded(Held held, Runnable then) {
        held.busy = false;
        then.run();
        move(held);
    }

    /** There was a conflict, a refusal or no answer. The job is read again before anything else is done. */
    private synchronized void failed(Held held, ApiException e) {
        held.busy = false;
        held.look = true;
        held.failed(e.isConflict(), ticker.nanos());
        Story.failed(held.last, held.task, e);
        move(held);
    }
}
