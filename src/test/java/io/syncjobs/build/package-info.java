/** What holds the house together: which room may use which, and that what is generated is what is committed. */
@NullMarked
package io.syncjobs.build;

import org.jspecify.annotations.NullMarked;
