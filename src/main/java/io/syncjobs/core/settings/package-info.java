/** The settings of a process: their names, defaults and meanings. */
@NullMarked
package io.syncjobs.core.settings;

import org.jspecify.annotations.NullMarked;
