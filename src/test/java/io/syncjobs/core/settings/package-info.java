@NullMarked
package io.syncjobs.core.settings;

import org.jspecify.annotations.NullMarked;
