/**
 * Decides which waiting jobs get a place, and why the others do not. It also decides who enqueues, what the status of a queue says,
 * and which finished jobs are deleted.
 */
@NullMarked
package io.syncjobs.core.queue;

import org.jspecify.annotations.NullMarked;
