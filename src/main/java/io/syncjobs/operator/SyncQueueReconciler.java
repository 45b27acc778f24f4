package io.syncjobs.operator;

import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.syncjobs.api.SyncQueue;
import java.util.List;

/** Watches queues. There is nothing to reconcile: the index holds what matters, and {@link Housekeeping} writes the status. */
final class SyncQueueReconciler implements Reconciler<SyncQueue> {
    private final Caches caches;

    SyncQueueReconciler(Caches caches) {
        this.caches = caches;
    }

    @Override
    public List<EventSource<?, SyncQueue>> prepareEventSources(EventSourceContext<SyncQueue> context) {
        caches.queues(context);
        return List.of();
    }

    @Override
    public UpdateControl<SyncQueue> reconcile(SyncQueue queue, Context<SyncQueue> context) {
        return UpdateControl.noUpdate();
    }
}
