/** One table: who is to blame if a run ends or does not begin, and what follows from that. */
@NullMarked
package io.syncjobs.core.blame;

import org.jspecify.annotations.NullMarked;
