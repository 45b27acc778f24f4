/** What integration tests stand on: a real cluster with the product in it, namespaces, jobs, and the audit log. */
@NullMarked
package io.syncjobs.cluster;

import org.jspecify.annotations.NullMarked;
