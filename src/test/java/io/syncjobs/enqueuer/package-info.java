/** The pass against an API server that answers late, wrongly or not at all. */
@NullMarked
package io.syncjobs.enqueuer;

import org.jspecify.annotations.NullMarked;
