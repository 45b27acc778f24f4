package io.syncjobs.agent;

import io.syncjobs.core.worker.HandlerAnswer;
import io.syncjobs.core.worker.HandlerRequest;
import java.util.function.Consumer;

/** The handler as the agent uses it; a simulation brings its own. */
public interface Calls {
    /** A call under way. */
    interface Call {
        /** Waits no longer: what comes of it is nobody's business any more. */
        void abandon();
    }

    /** Sends a request and tells {@code answered} once what came of it, on another thread. */
    Call start(HandlerRequest request, Consumer<HandlerAnswer> answered);

    /** Sends a request that needs no answer; returns when there is one, or after a while. */
    void tell(HandlerRequest request);

    /** True where somebody takes connections at the handler's port. */
    boolean isReady();
}
