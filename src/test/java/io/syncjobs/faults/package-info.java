/** The shipped processes while something goes wrong between them and the API server, or with themselves. */
@NullMarked
package io.syncjobs.faults;

import org.jspecify.annotations.NullMarked;
