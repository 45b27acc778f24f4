/** Reading errors from the end of a worker's log. */
@NullMarked
package io.syncjobs.core.trace;

import org.jspecify.annotations.NullMarked;
