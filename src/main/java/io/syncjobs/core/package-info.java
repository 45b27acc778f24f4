/** Pure decisions: records in, a result out, the moment passed in. No I/O, no clock, no log. */
@NullMarked
package io.syncjobs.core;

import org.jspecify.annotations.NullMarked;
