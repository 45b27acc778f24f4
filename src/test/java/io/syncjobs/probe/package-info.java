@NullMarked
package io.syncjobs.probe;

import org.jspecify.annotations.NullMarked;
