/**
 * The agent in each pod of a pool. It takes the jobs of its pod, calls the handler, writes the results, renews its Lease and
 * drains.
 */
@NullMarked
package io.syncjobs.agent;

import org.jspecify.annotations.NullMarked;
