/** Tests of the loop of one job against a stub of the API server. */
@NullMarked
package io.syncjobs.job;

import org.jspecify.annotations.NullMarked;
