@NullMarked
package io.syncjobs.core.job;

import org.jspecify.annotations.NullMarked;
