package io.syncjobs.simulation;

import io.syncjobs.core.queue.LeaseView;
import io.syncjobs.core.queue.LeaseWatch;
import io.syncjobs.core.queue.LeaseWatch.Verdict;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/** Stands for the leader's election, which is the client's own: a holder gives up two thirds of the duration after its last renewal. */
final class LeaseHolder {
    private final SimProcess process;
    private final String name;
    private final String reads;
    private final String holds;
    private final Duration duration;
    private LeaseWatch watch = LeaseWatch.START;
    private Optional<LeaseView> mine = Optional.empty();
    private long renewed;
    private boolean released;
    private boolean writing;

    LeaseHolder(SimProcess process, String name, Duration duration) {
        this.process = process;
        this.name = name;
        this.duration = duration;
        reads = "reads " + name;
        holds = "holds " + name;
    }

    /** One look; {@code then} gets the verdict, {@code failed} runs where the API server could not be used. */
    void tend(Consumer<Verdict> then, Runnable failed) {
        if (released) {
            then.accept(Verdict.UNKNOWN);
            return;
        }
        process.call(
                "-",
                reads,
                () -> process.api.leases().read(name),
                seen -> {
                    var nanos = process.world.nanos();
                    if (seen.filter(lease -> lease.holder().equals(process.identity()))
                            .isPresent()) {
                        hold(seen, nanos, Verdict.FREE, then, failed);
                        return;
                    }
                    mine = Optional.empty();
                    watch = watch.look(seen, nanos);
                    var free = watch.verdict() == Verdict.FREE || watch.verdict() == Verdict.DEAD;
                    if (free) hold(seen, nanos, watch.verdict(), then, failed);
                    else then.accept(watch.verdict());
                },
                failed);
    }

    private void hold(Optional<LeaseView> seen, long nanos, Verdict verdict, Consumer<Verdict> then, Runnable failed) {
        // The real one is not given back in the middle of this: both are synchronized.
        if (released) {
            then.accept(Verdict.UNKNOWN);
            return;
        }
        writing = true;
        process.call(
                mine.isEmpty() ? "" : "-",
                holds,
                () -> process.api.leases().write(name, seen, process.identity(), duration),
                held -> {
                    writing = false;
                    if (mine.isEmpty()) {
                        process.world.count("terms of " + name);
                    }
                    mine = Optional.of(held);
                    renewed = nanos;
                    if (released) giveBack();
                    then.accept(verdict);
                },
                refusal -> {
                    writing = false;
                    mine = Optional.empty();
                    if (refusal.isConflict()) then.accept(verdict);
                    else failed.run();
                });
    }

    boolean isHeld() {
        return mine.isPresent() && process.world.nanos() - renewed < duration.toNanos() * 2 / 3;
    }

    /** Gives it back for good. A renewal that is under way ends before. */
    void release() {
        released = true;
        if (!writing) giveBack();
    }

    private void giveBack() {
        mine.ifPresent(lease -> process.call(
                "",
                "gives back the Lease",
                () -> process.api.leases().write(name, Optional.of(lease), "", duration),
                written -> {},
                () -> {}));
        mine = Optional.empty();
    }
}
