package io.syncjobs.enqueuer;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.syncjobs.api.State;
import io.syncjobs.api.SyncJob;
import io.syncjobs.core.EnqueuePass;
import io.syncjobs.core.Explanations;
import io.syncjobs.core.Explanations.Explanation;
import io.syncjobs.core.LeaseWatch;
import io.syncjobs.core.LeaseWatch.Verdict;
import io.syncjobs.core.Observation;
import io.syncjobs.core.SchedulerHealth;
import io.syncjobs.core.Settings;
import io.syncjobs.kube.CronJobs;
import io.syncjobs.kube.Leases;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Works out at this moment why a job is not running, from the cluster itself and with the pass's own code. */
public final class Explainer {
    private static final long LOOK_EVERY_MILLIS = 500;

    private final KubernetesClient client;
    private final Settings settings;

    public Explainer(KubernetesClient client, Settings settings) {
        this.client = client;
        this.settings = settings;
    }

    /**
     * One or two lines for a person.
     *
     * @throws IllegalArgumentException when there is no such job
     */
    public String explain(String namespace, String name) throws InterruptedException {
        var seen = ClusterSnapshot.read(client, List.of(namespace));
        var job = seen.jobs().stream()
                .filter(each -> each.getMetadata().getName().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no SyncJob " + name + " in namespace "
                        + namespace + "; see kubectl get syncjobs -A"));
        var status = Observation.statusOf(job);
        if (status.state() != State.PENDING) return recorded(job);
        var alive = operatorLives();
        var enqueuer = !alive
                ? Explanations.Enqueuer.MINUTE_ALONE
                : settings.eager() ? Explanations.Enqueuer.EAGER : Explanations.Enqueuer.MINUTE;
        var now = Instant.now();
        var cronJob = new CronJobs(client).read(settings.namespace(), settings.cronJob());
        var scheduler =
                SchedulerHealth.judge(settings.cronJob(), cronJob, Instant.EPOCH, settings.scheduleOverdue(), now);
        return Explanations.of(EnqueuePass.plan(seen, now), enqueuer, scheduler).stream()
                .filter(each -> each.job()
                        .getMetadata()
                        .getUid()
                        .equals(job.getMetadata().getUid()))
                .map(Explainer::text)
                .findFirst()
                .orElse("Pending: it has its turn now and is being enqueued");
    }

    private boolean operatorLives() throws InterruptedException {
        var leases = Leases.ofOperators(client, settings.namespace());
        var watch = LeaseWatch.START.look(leases.read(settings.operatorLease()), System.nanoTime());
        while (watch.verdict() == Verdict.UNKNOWN) {
            TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MILLIS);
            watch = watch.look(leases.read(settings.operatorLease()), System.nanoTime());
        }
        return watch.verdict() == Verdict.ALIVE;
    }

    private static String text(Explanation explanation) {
        return "Pending, " + explanation.reason() + ": " + explanation.message();
    }

    private static String recorded(SyncJob job) {
        var status = Observation.statusOf(job);
        var reason = status.reason() == null ? "" : ", " + status.reason() + ": " + status.message();
        var worker = status.worker() == null ? "" : " (attempt " + status.attempt() + ", pod " + status.worker() + ")";
        return status.state() + worker + reason;
    }
}
