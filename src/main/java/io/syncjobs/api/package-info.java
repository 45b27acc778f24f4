/** The custom resources, reasons and annotation names: data only, no logic and no client. */
@NullMarked
package io.syncjobs.api;

import org.jspecify.annotations.NullMarked;
