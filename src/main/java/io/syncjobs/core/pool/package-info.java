/** Pools of warm workers: the objects that a pool consists of, and its status. */
@NullMarked
package io.syncjobs.core.pool;

import org.jspecify.annotations.NullMarked;
