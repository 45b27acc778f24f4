/** The agent in each pod of a pool: takes the jobs of its pod, calls the handler, reports, renews its Lease, drains. */
@NullMarked
package io.syncjobs.agent;

import org.jspecify.annotations.NullMarked;
