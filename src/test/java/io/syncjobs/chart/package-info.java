/** The chart: what it renders, and what it refuses. */
@NullMarked
package io.syncjobs.chart;

import org.jspecify.annotations.NullMarked;
