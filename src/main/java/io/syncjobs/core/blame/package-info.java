/** Who is to blame for the end of a run or for a run that does not begin, and what follows from it: one table. */
@NullMarked
package io.syncjobs.core.blame;

import org.jspecify.annotations.NullMarked;
