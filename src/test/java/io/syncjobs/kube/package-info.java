/** Tests of what speaks with the API server. */
@NullMarked
package io.syncjobs.kube;

import org.jspecify.annotations.NullMarked;
