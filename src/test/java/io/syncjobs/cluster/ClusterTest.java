package io.syncjobs.cluster;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Tests on a real cluster that run side by side. Parameters of their methods may be the {@link Cluster}, the {@link Release}
 * installed in it, and a {@link TestNamespace} of their own.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(ClusterExtension.class)
@Execution(ExecutionMode.CONCURRENT)
@Timeout(600)
public @interface ClusterTest {}
