/** Tests of the pure decisions: no cluster, no mock, no clock. */
@NullMarked
package io.syncjobs.pool;

import org.jspecify.annotations.NullMarked;
