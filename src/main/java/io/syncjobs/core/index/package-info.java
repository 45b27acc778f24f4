/** What decisions need to know about all jobs, kept up to date event by event. Pure; one thread uses it. */
@NullMarked
package io.syncjobs.core.index;

import org.jspecify.annotations.NullMarked;
