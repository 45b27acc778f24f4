/** The command line and what it logs. */
@NullMarked
package io.syncjobs.cli;

import org.jspecify.annotations.NullMarked;
