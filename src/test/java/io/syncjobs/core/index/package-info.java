@NullMarked
package io.syncjobs.core.index;

import org.jspecify.annotations.NullMarked;
