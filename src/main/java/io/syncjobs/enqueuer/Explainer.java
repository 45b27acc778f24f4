package io.syncjobs.enqueuer;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.syncjobs.api.Names;
import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncWorkerPool;
import io.syncjobs.core.Limits;
import io.syncjobs.core.index.JobEntry;
import io.syncjobs.core.index.JobIndex;
import io.syncjobs.core.index.PoolKey;
import io.syncjobs.core.index.QueueKey;
import io.syncjobs.core.queue.Answers;
import io.syncjobs.core.queue.Answers.Processes;
import io.syncjobs.core.queue.EnqueuePass;
import io.syncjobs.core.queue.EnqueuePass.Snapshot;
import io.syncjobs.core.queue.LeaseWatch;
import io.syncjobs.core.queue.LeaseWatch.Verdict;
import io.syncjobs.core.queue.SchedulerHealth;
import io.syncjobs.core.queue.Starter;
import io.syncjobs.core.queue.Wait;
import io.syncjobs.core.settings.Settings;
import io.syncjobs.kube.Api;
import io.syncjobs.kube.ApiException;
import io.syncjobs.kube.Client;
import io.syncjobs.kube.CronJobs;
import io.syncjobs.kube.Jobs;
import io.syncjobs.kube.Leases;
import io.syncjobs.kube.Lists;
import io.syncjobs.kube.Workers;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Finds out why a job is not running now, from the cluster itself and with the code of the pass. */
public final class Explainer {
    private static final long LOOK_EVERY_MILLIS = 500;

    private final Api api;
    private final Settings settings;

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
        // Read only now, because watching the operator may have taken as long as its Lease lasts.
        var seen = ClusterSnapshot.read(api, namespace).withJobTemplates(settings.jobTemplates());
        var job = seen.jobs().stream()
                .filter(each -> each.getMetadata().getName().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no SyncJob " + name + " in namespace "
                        + namespace + "; see kubectl get syncjobs -A"));
        var now = Instant.now();
        var scheduler = look(() -> scheduler(now), "the CronJob " + settings.cronJob(), hidden)
                .orElse(SchedulerHealth.GOOD);
        var processes = new Processes(alive, settings.eager(), scheduler);
        var answer = EnqueuePass.runsWarm(job, seen.queue(QueueKey.of(job)))
                ? Answers.ofWarm(
                        job,
                        look(
                                        () -> waitsFor(job, seen, processes, now),
                                        "the pools, their pods and their Leases",
                                        hidden)
                                .flatMap(why -> why),
                        processes)
                : Answers.of(job, EnqueuePass.plan(seen, now), processes);
        return hidden.isEmpty()
                ? answer
                : answer + "\nYou may not read " + String.join(" and ", hidden) + " in namespace "
                        + settings.namespace() + ": this assumes that operator and minute run work.";
    }

    /** Every existing worker counts as alive, because there is no time to watch it. */
    private Optional<Wait> waitsFor(SyncJob job, Snapshot seen, Processes processes, Instant now) {
        var namespace = List.of(job.getMetadata().getNamespace());
        var index = new JobIndex(settings.reasonAfter(), Limits.MESSAGE_REFRESH, settings.jobTemplates());
        var lists = new Lists(api);
        index.advance(now);
        index.workers().settled();
        for (var pool : lists.read(SyncWorkerPool.class, namespace, "", each -> each)) {
            var key = new PoolKey(namespace.getFirst(), pool.getMetadata().getName());
            index.workers().see(key, Workers.entry(pool, settings.agent().timing()));
        }
        lists.read(Lease.class, namespace, Names.POOL, each -> each)
                .forEach(lease -> index.workers().see(Workers.entry(lease)));
        lists.read(Pod.class, namespace, Names.POOL, Client::prune)
                .forEach(pod -> index.workers().see(Workers.entry(pod)));
        seen.queues().forEach((key, spec) -> index.see(key, spec, 1));
        seen.jobs().forEach(each -> index.see(JobEntry.of(each)));
        // Without an operator the minute run gives jobs to warm workers.
        var eager = processes.eager() && processes.operatorLives();
        var starter = new Starter(Starter.Who.enqueuing(eager), processes.scheduler());
        return index.job(job.getMetadata().getUid()).flatMap(entry -> starter.why(index, entry));
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
