/** The command line: one subcommand for each process that ships. */
@NullMarked
package io.syncjobs.cli;

import org.jspecify.annotations.NullMarked;
