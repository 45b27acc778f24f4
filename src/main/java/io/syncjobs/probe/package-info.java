/** The HTTP endpoints that a kubelet asks. */
@NullMarked
package io.syncjobs.probe;

import org.jspecify.annotations.NullMarked;
