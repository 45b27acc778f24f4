/**
 * The life of a job, which is the same in a pod of its own and on a warm worker: from what is known at one moment to the next step,
 * and from the step to the status. Begin with {@link io.syncjobs.core.job.Lifecycle}.
 */
@NullMarked
package io.syncjobs.core.job;

import org.jspecify.annotations.NullMarked;
