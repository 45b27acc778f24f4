@NullMarked
package io.syncjobs.core.run;

import org.jspecify.annotations.NullMarked;
