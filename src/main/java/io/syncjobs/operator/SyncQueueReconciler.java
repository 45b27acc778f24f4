package io.syncjobs.operator;

import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.syncjobs.api.SyncQueue;
import java.util.List;

/** A queue that changed may let jobs run; its status is written by {@link Housekeeping}. */
final class SyncQueueReconciler implements Reconciler<SyncQueue> {
    private final Caches caches;
    private final Runnable changed;

    SyncQueueReconciler(Caches caches, Runnable changed) {
        this.caches = caches;
        this.changed = changed;
    }

    @Override
    public List<EventSource<?, SyncQueue>> prepareEventSources(EventSourceContext<SyncQueue> context) {
        caches.queues(context.getPrimaryCache());
        return List.of();
    }

    @Override
    public UpdateControl<SyncQueue> reconcile(SyncQueue queue, Context<SyncQueue> context) {
        changed.run();
        return UpdateControl.noUpdate();
    }
}
