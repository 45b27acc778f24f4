package io.syncjobs.operator;

import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.syncjobs.api.SyncQueue;
import java.util.List;

/** Watches queues. There is nothing to do for one: what of it matters is in the index, and {@link Housekeeping} writes its status. */
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
