/** Tests of reading errors from logs, on what real runtimes print. */
@NullMarked
package io.syncjobs.core.trace;

import org.jspecify.annotations.NullMarked;
