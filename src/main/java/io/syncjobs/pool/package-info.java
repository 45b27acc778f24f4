/** Keeps the objects of pools of warm workers as their specs say, and writes the pools' status. */
@NullMarked
package io.syncjobs.pool;

import org.jspecify.annotations.NullMarked;
