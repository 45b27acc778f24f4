/** Pure decisions: records in, a result out, the current time as a parameter. No I/O, no clock, no log. */
@NullMarked
package io.syncjobs.core;

import org.jspecify.annotations.NullMarked;
