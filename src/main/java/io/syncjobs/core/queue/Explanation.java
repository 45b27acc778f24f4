package io.syncjobs.core.queue;

import io.syncjobs.core.index.JobEntry;

/** The reason why one job waits. */
public record Explanation(JobEntry job, Wait why) {}
