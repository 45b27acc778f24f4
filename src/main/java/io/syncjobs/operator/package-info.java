/** The running operator: the framework's reconcilers, the loops beside them, and the wiring. */
@NullMarked
package io.syncjobs.operator;

import org.jspecify.annotations.NullMarked;
