@NullMarked
package io.syncjobs.agent;

import org.jspecify.annotations.NullMarked;
