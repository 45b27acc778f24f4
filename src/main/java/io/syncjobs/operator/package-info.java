/** The reconcilers and loops of the running operator: gather, ask core, apply. */
@NullMarked
package io.syncjobs.operator;

import org.jspecify.annotations.NullMarked;
