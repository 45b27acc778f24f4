/** The enqueue pass against the cluster: its Lease, the eager loop and the minute run. */
@NullMarked
package io.syncjobs.enqueuer;

import org.jspecify.annotations.NullMarked;
