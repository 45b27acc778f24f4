/** Pools of warm workers: the objects that a pool is made of, and how it stands. */
@NullMarked
package io.syncjobs.core.pool;

import org.jspecify.annotations.NullMarked;
