package io.syncjobs.operator;

import io.fabric8.kubernetes.api.model.Pod;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import io.syncjobs.api.SyncJob;
import io.syncjobs.job.JobLoop;
import io.syncjobs.job.JobObserver;
import io.syncjobs.kube.Client;
import io.syncjobs.kube.PodViews;
import io.syncjobs.kube.Pods;
import java.util.ArrayList;
import java.util.List;

/** Connects jobs with the framework: its watches and its work queue. {@link JobLoop} does the rest. */
final class SyncJobReconciler implements Reconciler<SyncJob> {
    private final Caches caches;
    private final JobLoop loop;
    private final JobObserver observer;
    private final WorkerSources workers;
    private final Looks looks = new Looks();

    SyncJobReconciler(Caches caches, JobLoop loop, JobObserver observer, WorkerSources workers) {
        this.caches = caches;
        this.loop = loop;
        this.observer = observer;
        this.workers = workers;
    }

    @Override
    public List<EventSource<?, SyncJob>> prepareEventSources(EventSourceContext<SyncJob> context) {
        caches.jobs(context);
        var sources = new ArrayList<>(workers.sources(context));
        sources.add(pods(context));
        sources.add(looks);
        return sources;
    }

    private EventSource<Pod, SyncJob> pods(EventSourceContext<SyncJob> context) {
        return new InformerEventSource<Pod, SyncJob>(
                InformerEventSourceConfiguration.from(Pod.class, SyncJob.class)
                        .withName("pods")
                        .withLabelSelector(Pods.SELECTOR)
                        .withNamespacesInheritedFromController()
                        .withComparableResourceVersion(false)
                        .withInformerListLimit(Client.PAGE_LIMIT)
                        .withItemStore(caches.podStore())
                        .build(),
                context) {
            @Override
            public synchronized void onDelete(Pod pod, boolean unsure) {
                var namespace = pod.getMetadata().getNamespace();
                var known = context.getPrimaryCache();
                // The observer must learn about the pod's end before the framework has the job looked at.
                observer.podGone(pod, job -> known.get(new ResourceID(job, namespace)));
                super.onDelete(pod, unsure);
            }
        };
    }

    /** Has a job looked at, whether or not it has changed. */
    void look(SyncJob job) {
        looks.at(job);
    }

    @Override
    public UpdateControl<SyncJob> reconcile(SyncJob cached, Context<SyncJob> context) {
        if (context.isPrimaryResourceDeleted()) {
            loop.forget(cached);
            return UpdateControl.noUpdate();
        }
        var lookAgain = loop.handle(
                cached,
                () -> context.getSecondaryResourcesAsStream(Pod.class)
                        .map(PodViews::of)
                        .toList());
        var done = UpdateControl.<SyncJob>noUpdate();
        return lookAgain.map(done::rescheduleAfter).orElse(done);
    }
}
