@NullMarked
package io.syncjobs.core.queue;

import org.jspecify.annotations.NullMarked;
