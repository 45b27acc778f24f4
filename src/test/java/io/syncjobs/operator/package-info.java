/** Tests of the operator against a stub of the API server. */
@NullMarked
package io.syncjobs.operator;

import org.jspecify.annotations.NullMarked;
