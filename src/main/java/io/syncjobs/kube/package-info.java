/** The only package that writes to the API server. */
@NullMarked
package io.syncjobs.kube;

import org.jspecify.annotations.NullMarked;
