/** What decisions about all jobs need, kept up to date event by event: pure, written by one thread. */
@NullMarked
package io.syncjobs.core.index;

import org.jspecify.annotations.NullMarked;
