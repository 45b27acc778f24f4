package io.syncjobs.operator;

import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.AbstractEventSource;
import io.javaoperatorsdk.operator.processing.event.source.ResourceAction;
import io.javaoperatorsdk.operator.processing.event.source.controller.ResourceEvent;
import io.syncjobs.api.SyncJob;
import java.util.Set;

/**
 * Has jobs looked at though nothing of them has changed. The framework drops an event about a job of which its watch has let none
 * through so far, as those are that only wait or that a warm worker has, unless it seems to come from the watch of jobs itself.
 */
final class Looks extends AbstractEventSource<Void, SyncJob> {
    Looks() {
        super(Void.class, "looks");
    }

    void at(SyncJob job) {
        if (isRunning())
            getEventHandler().handleEvent(new ResourceEvent(ResourceAction.UPDATED, ResourceID.fromResource(job), job));
    }

    @Override
    public Set<Void> getSecondaryResources(SyncJob job) {
        return Set.of();
    }
}
