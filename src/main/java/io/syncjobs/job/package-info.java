/** Carries out the life of one job: observes it, has the core decide, and applies the decision. No framework. */
@NullMarked
package io.syncjobs.job;

import org.jspecify.annotations.NullMarked;
