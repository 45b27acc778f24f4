package io.syncjobs.agent;

import io.syncjobs.core.worker.HandlerAnswer;
import io.syncjobs.core.worker.HandlerRequest;
import java.util.function.Consumer;

/** Requests to the handler. A simulation has its own implementation. */
public interface Calls {
    /** A call under way. */
    interface Call {
        /** Closes the connection. The answer is not needed any more. */
        void abandon();
    }

    /** Sends a request. Calls {@code answered} once with the result, on another thread. */
    Call start(HandlerRequest request, Consumer<HandlerAnswer> answered);

    /** Sends a request whose answer does not matter. Returns after the answer, or after a while. */
    void tell(HandlerRequest request);

    /** True if a program accepts connections on the handler's port. */
    boolean isReady();
}
