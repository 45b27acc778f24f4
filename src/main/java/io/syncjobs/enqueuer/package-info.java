/** Enqueueing: the Lease of the enqueuer, the loop that follows events, and the minute run with its pass. */
@NullMarked
package io.syncjobs.enqueuer;

import org.jspecify.annotations.NullMarked;
