/** Tests of the table of blame. */
@NullMarked
package io.syncjobs.core.blame;

import org.jspecify.annotations.NullMarked;
