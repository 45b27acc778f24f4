/** Keeps what pools of warm workers are made of, and tells how they stand. */
@NullMarked
package io.syncjobs.pool;

import org.jspecify.annotations.NullMarked;
