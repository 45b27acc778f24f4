/** Decides which waiting jobs get a place, and why the others do not. */
@NullMarked
package io.syncjobs.core.queue;

import org.jspecify.annotations.NullMarked;
