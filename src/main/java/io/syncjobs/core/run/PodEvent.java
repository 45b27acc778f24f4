package io.syncjobs.core.run;

import io.syncjobs.core.run.PodView.Container;
import java.time.Instant;

/**
 * An event about a pod.
 *
 * @param container the name of the container that it is about; empty if it is about the whole pod
 * @param last when it happened last, by the clock of the component that reports it
 */
public record PodEvent(boolean warning, String reason, String message, String container, Instant last) {
    Container.Waiting asWaiting() {
        return new Container.Waiting(reason, message);
    }
}
