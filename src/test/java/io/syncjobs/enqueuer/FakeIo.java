package io.syncjobs.enqueuer;

import io.syncjobs.core.index.JobEntry;
import io.syncjobs.core.queue.Admission;
import io.syncjobs.core.queue.Wait;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** Notes what it is asked, and answers when a test says so. */
final class FakeIo implements EnqueueIo {
    record Write(String job, BooleanSupplier valid, Consumer<Outcome> then) {}

    final List<Consumer<Boolean>> asked = new ArrayList<>();
    final List<String> askedFor = new ArrayList<>();
    final List<Write> admitted = new ArrayList<>();
    final List<String> told = new ArrayList<>();
    final List<Consumer<Outcome>> tellings = new ArrayList<>();
    final List<Consumer<Places>> reads = new ArrayList<>();
    final List<Runnable> failedReads = new ArrayList<>();
    final List<Consumer<List<Listed>>> lists = new ArrayList<>();
    final List<Consumer<Boolean>> listed = new ArrayList<>();
    final List<Listed> refreshed = new ArrayList<>();

    List<String> admittedJobs() {
        return admitted.stream().map(Write::job).toList();
    }

    @Override
    public boolean isRefused() {
        return false;
    }

    @Override
    public void ask(Admission admission, Consumer<Boolean> then) {
        askedFor.add(admission.job().name());
        asked.add(then);
    }

    @Override
    public void admit(Admission admission, BooleanSupplier valid, Consumer<Outcome> then) {
        admitted.add(new Write(admission.job().name(), valid, then));
    }

    @Override
    public void explain(JobEntry job, Wait why, Consumer<Outcome> then) {
        told.add(job.name() + " " + why.reason());
        tellings.add(then);
    }

    @Override
    public void readPlaces(Consumer<Places> then, Runnable failed) {
        reads.add(then);
        failedReads.add(failed);
    }

    @Override
    public void list(Consumer<List<Listed>> some, Consumer<Boolean> done) {
        lists.add(some);
        listed.add(done);
    }

    @Override
    public void refresh(Listed object) {
        refreshed.add(object);
    }
}
