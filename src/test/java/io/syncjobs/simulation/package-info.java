/**
 * The pure parts under a clock and a chance of our own: operators and minute runs, nodes and people against a fake API server, all
 * of them slow, cut off, frozen and dying at any step.
 */
@NullMarked
package io.syncjobs.simulation;

import org.jspecify.annotations.NullMarked;
