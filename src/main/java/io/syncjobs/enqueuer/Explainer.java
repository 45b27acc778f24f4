package io.syncjobs.enqueuer;

import io.syncjobs.api.SyncJob;
import io.syncjobs.core.queue.Answers;
import io.syncjobs.core.queue.Answers.Processes;
import io.syncjobs.core.queue.LeaseWatch;
import io.syncjobs.core.queue.LeaseWatch.Verdict;
import io.syncjobs.core.queue.SchedulerHealth;
import io.syncjobs.core.queue.Starter;
import io.syncjobs.core.queue.Wait;
import io.syncjobs.core.settings.Settings;
import io.syncjobs.kube.Api;
import io.syncjobs.kube.ApiException;
import io.syncjobs.kube.CronJobs;
import io.syncjobs.kube.Jobs;
import io.syncjobs.kube.Leases;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Finds out why a job is not running now, from the cluster itself and with the gates that decide. */
public final class Explainer {
    private static final long LOOK_EVERY_MILLIS = 500;

    private final Api api;
    private final Settings settings;

    /** {@code settings} are those of the release that is to run the job. Nothing is read yet. */
    public Explainer(Api api, Settings settings) {
        this.api = api;
        this.settings = settings;
    }

    /**
     * Returns one or two lines for a person.
     *
     * @throws IllegalArgumentException if there is no such job
     */
    public String explain(String namespace, String name) throws InterruptedException {
        var served = settings.watchNamespaces();
        if (!served.isEmpty() && !served.contains(namespace)) {
            throw new IllegalArgumentException("this SyncJobs serves the namespaces " + String.join(", ", served)
                    + ", and no job in " + namespace + "; add it to watchNamespaces of the chart");
        }
        var before = new Jobs(api).read(namespace, name);
        var hidden = new ArrayList<String>();
        var alive = before.filter(Answers::needsOperator).isEmpty()
                || look(this::operatorLives, "the Lease " + settings.operatorLease(), hidden)
                        .orElse(true);
        var now = Instant.now();
        // Read only now, because watching the operator may have taken as long as its Lease lasts.
        var seen = new IndexReader(api, new Jobs(api), part -> part.accept(List.of(namespace)), settings);
        seen.readQueues();
        seen.readJobs(now);
        var job = seen.jobs().stream()
                .filter(each -> each.getMetadata().getName().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no SyncJob " + name + " in namespace "
                        + namespace + "; see kubectl get syncjobs -A"));
        var scheduler = look(() -> scheduler(now), "the CronJob " + settings.cronJob(), hidden)
                .orElse(SchedulerHealth.GOOD);
        var processes = new Processes(alive, settings.eager(), scheduler);
        var unseen = new ArrayList<String>();
        var answer = Answers.of(job, waitsFor(job, seen, processes.starter(), unseen), processes);
        return answer
                + notRead(hidden, settings.namespace(), "operator and minute run work")
                + notRead(unseen, namespace, "a worker is free");
    }

    private static String notRead(List<String> hidden, String namespace, String assumed) {
        return hidden.isEmpty()
                ? ""
                : "\nYou may not read " + String.join(" and ", hidden) + " in namespace " + namespace
                        + ": this assumes that " + assumed + ".";
    }

    private static Optional<Wait> waitsFor(SyncJob job, IndexReader seen, Starter starter, List<String> hidden)
            throws InterruptedException {
        var index = seen.index();
        var entry = index.job(job.getMetadata().getUid());
        if (entry.isEmpty()) return Optional.empty();
        if (!index.queueOf(entry.get()).runsWarm(entry.get())) return starter.why(index, entry.get());
        look(() -> seenWorkers(seen), "the pools, their pods and their Leases", hidden);
        return hidden.isEmpty() ? starter.why(index, entry.get()) : starter.whyButWorkers(index, entry.get());
    }

    /** Every existing worker counts as alive, because there is no time to watch it. */
    private static IndexReader seenWorkers(IndexReader seen) {
        seen.index().workers().settled();
        seen.readPools();
        seen.readWorkers();
        return seen;
    }

    private SchedulerHealth scheduler(Instant now) {
        var cronJob = new CronJobs(api).read(settings.namespace(), settings.cronJob());
        return SchedulerHealth.judge(
                settings.namespace(), settings.cronJob(), cronJob, Instant.EPOCH, settings.scheduleOverdue(), now);
    }

    private interface Look<T> {
        T at() throws InterruptedException;
    }

    /** The person sees what their own rights show, and is told which part they could not read. */
    private static <T> Optional<T> look(Look<T> look, String what, List<String> hidden) throws InterruptedException {
        try {
            return Optional.of(look.at());
        } catch (ApiException e) {
            if (!e.isForbidden()) throw e;
            hidden.add(what);
            return Optional.empty();
        }
    }

    private boolean operatorLives() throws InterruptedException {
        var leases = Leases.ofOperators(api, InstantSource.system(), settings.namespace());
        var watch = LeaseWatch.START.look(leases.read(settings.operatorLease()), System.nanoTime());
        while (watch.verdict() == Verdict.UNKNOWN) {
            TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MILLIS);
            watch = watch.look(leases.read(settings.operatorLease()), System.nanoTime());
        }
        return watch.verdict() == Verdict.ALIVE;
    }
}
