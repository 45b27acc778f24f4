/** Warm workers: what a handler is asked and answers, and what an agent does next with an attempt. */
@NullMarked
package io.syncjobs.core.worker;

import org.jspecify.annotations.NullMarked;
