@NullMarked
package io.syncjobs.core.worker;

import org.jspecify.annotations.NullMarked;
