/** Tests of enqueueing against a stub of the API server. */
@NullMarked
package io.syncjobs.enqueuer;

import org.jspecify.annotations.NullMarked;
