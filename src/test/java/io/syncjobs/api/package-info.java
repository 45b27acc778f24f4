/** Tests of the resources. */
@NullMarked
package io.syncjobs.api;

import org.jspecify.annotations.NullMarked;
