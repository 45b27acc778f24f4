package io.syncjobs.core.queue;

import io.syncjobs.api.SyncQueueSpec;
import io.syncjobs.core.index.JobEntry;

/** A job that gets a place, by the rules of its queue as they are at that moment. */
public record Admission(JobEntry job, SyncQueueSpec queue) {}
