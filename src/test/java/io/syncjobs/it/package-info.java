/** The product on a real cluster, question by question. */
@NullMarked
package io.syncjobs.it;

import org.jspecify.annotations.NullMarked;
