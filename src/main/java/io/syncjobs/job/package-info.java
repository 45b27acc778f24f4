/** The life of one job carried out: what is known of it is gathered, the core decides, and the decision is applied. No framework. */
@NullMarked
package io.syncjobs.job;

import org.jspecify.annotations.NullMarked;
