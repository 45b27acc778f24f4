/** One attempt of a job: the pod or the worker that executes it, how it stands, how it ended, and what the worker reported. */
@NullMarked
package io.syncjobs.core.run;

import org.jspecify.annotations.NullMarked;
