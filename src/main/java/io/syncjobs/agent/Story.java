package io.syncjobs.agent;

import io.syncjobs.api.SyncJob;
import io.syncjobs.core.JobFields;
import io.syncjobs.core.job.Step;
import io.syncjobs.core.worker.Progress;
import io.syncjobs.core.worker.Task;
import io.syncjobs.kube.ApiException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/** Logs what happens to the jobs of an agent. */
final class Story {
    private static final Logger LOG = LoggerFactory.getLogger(Agent.class);

    private Story() {}

    static void wrote(SyncJob job, Task task, Step.Change change) {
        var status = JobFields.statusOf(job);
        var about = about(LOG.atInfo(), job, task);
        if (change instanceof Step.Start)
            about.log("started, action {}", job.getSpec().action());
        else if (status.reason() == null) about.log("{}", status.state());
        else about.log("{}, {}: {}", status.state(), status.reason(), status.message());
    }

    static void left(SyncJob job, Task task, String why) {
        var lost = task.progress() instanceof Progress.Answered;
        about(lost ? LOG.atWarn() : LOG.atInfo(), job, task)
                .log(lost ? "its result is not taken: {}" : "not this worker's any more: {}", why);
    }

    static void failed(SyncJob job, Task task, ApiException e) {
        var about = about(e.isConflict() ? LOG.atDebug() : LOG.atWarn(), job, task);
        // An error of the agent itself is logged with its stack.
        if (e.getCause() instanceof RuntimeException) about = about.setCause(e);
        about.log("to be tried again: {} {}", e.code() == 0 ? "" : e.code(), e.getMessage());
    }

    /** An error of the agent itself. */
    static void notUnderstood(SyncJob job, Task task, Throwable why) {
        about(LOG.atError(), job, task).setCause(why).log("of its handler's answer only the status counts");
    }

    private static LoggingEventBuilder about(LoggingEventBuilder event, SyncJob job, Task task) {
        var meta = job.getMetadata();
        return event.addKeyValue("job", meta.getNamespace() + "/" + meta.getName())
                .addKeyValue("attempt", task.attempt());
    }
}
