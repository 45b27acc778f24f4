/** The command line: one subcommand per process that ships. */
@NullMarked
package io.syncjobs.cli;

import org.jspecify.annotations.NullMarked;
