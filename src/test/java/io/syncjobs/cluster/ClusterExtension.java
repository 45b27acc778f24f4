package io.syncjobs.cluster;

import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Hands the shared cluster, the product installed in it, and fresh namespaces to tests; ends clusters after the last test. */
final class ClusterExtension implements BeforeAllCallback, ParameterResolver {
    private static final Namespace STORE = Namespace.create(ClusterExtension.class);

    @Override
    public void beforeAll(ExtensionContext context) {
        context.getRoot().getStore(STORE).getOrComputeIfAbsent("end", key -> (AutoCloseable) Cluster::endAll);
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        var type = parameter.getParameter().getType();
        return type == Cluster.class || type == Release.class || type == TestNamespace.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        var type = parameter.getParameter().getType();
        if (type == Cluster.class) return Release.shared().cluster();
        if (type == Release.class) return Release.shared();
        var label = context.getRequiredTestClass().getSimpleName();
        var namespace = TestNamespace.create(Release.shared().cluster(), label, Release.shared());
        context.getStore(STORE).put(namespace, (AutoCloseable) namespace::delete);
        return namespace;
    }
}
