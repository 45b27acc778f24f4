package io.syncjobs.operator;

import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.AbstractEventSource;
import io.javaoperatorsdk.operator.processing.event.source.ResourceAction;
import io.javaoperatorsdk.operator.processing.event.source.controller.ResourceEvent;
import io.syncjobs.api.SyncJob;
import java.util.Set;

/**
 * Has jobs looked at although they have not changed. The framework drops an event about a job that its watch has filtered out so
 * far: a job that only waits, or one that a warm worker has. It does not drop events that seem to come from the watch of jobs, so
 * this event source sends such events.
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
