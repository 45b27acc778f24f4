/**
 * Pure decisions: records in, a result out, the current time as a parameter. No I/O, no clock, no log. The rooms below have the
 * decisions; here is what several rooms use.
 */
@NullMarked
package io.syncjobs.core;

import org.jspecify.annotations.NullMarked;
