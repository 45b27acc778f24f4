package io.syncjobs.kube;

import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.net.URI;
import java.util.Set;

/** Adds the field manager to each write, also to those of the framework. */
final class FieldManager implements Interceptor {
    private static final Set<String> WRITES = Set.of("POST", "PUT", "PATCH");
    private static final String PARAMETER = "fieldManager=";

    @Override
    public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
        if (WRITES.contains(request.method()))
            builder.uri(URI.create(named(request.uri().toString())));
    }

    private static String named(String uri) {
        return uri.contains(PARAMETER) ? uri : Api.with(uri, PARAMETER + Api.FIELD_MANAGER);
    }
}
