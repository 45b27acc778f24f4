/** Warm workers: what their handlers are asked and answer, and what an agent does next with a job. */
@NullMarked
package io.syncjobs.core.worker;

import org.jspecify.annotations.NullMarked;
