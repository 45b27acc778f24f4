package io.syncjobs.operator;

import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.ResourceAction;
import io.javaoperatorsdk.operator.processing.event.source.controller.ResourceEvent;
import io.javaoperatorsdk.operator.processing.event.source.inbound.SimpleInboundEventSource;
import io.syncjobs.api.SyncJob;

/**
 * Wakes the reconciler for a job of which nothing has changed. The framework drops events about jobs that it was told nothing of, and
 * of most jobs it is told nothing; so the event says that the job itself has changed.
 */
final class Looks extends SimpleInboundEventSource<SyncJob> {
    Looks() {
        super("looks");
    }

    void at(SyncJob job) {
        if (isRunning())
            getEventHandler().handleEvent(new ResourceEvent(ResourceAction.UPDATED, ResourceID.fromResource(job), job));
    }
}
