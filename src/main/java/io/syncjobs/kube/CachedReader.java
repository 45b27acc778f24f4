package io.syncjobs.kube;

import com.fasterxml.jackson.databind.JsonDeserializer;

/** A reader that Jackson keeps. By itself it would look at the class anew for each object. */
abstract class CachedReader<T> extends JsonDeserializer<T> {
    @Override
    public final boolean isCachable() {
        return true;
    }
}
