package io.syncjobs.core.queue;

import io.syncjobs.core.index.JobEntry;

/** The true reason of one waiting job. */
public record Explanation(JobEntry job, Wait why) {}
