package io.syncjobs.core.run;

import io.syncjobs.core.blame.Verdict;
import java.time.Duration;
import java.time.Instant;

/** What this process, since its start, knows about the reservation in {@code status.worker}. */
public sealed interface Reservation {
    /** Another process wrote it, or this process before a restart. Its pod may be on its way. */
    record Foreign() implements Reservation {}

    /** We are writing it, and the answer has not arrived. */
    record Sending() implements Reservation {}

    /** We wrote it, and have not created its pod. {@code pause} is how long the attempt before it was held back. */
    record Mine(Duration pause) implements Reservation {}

    /** We wrote it, and the API server refused the pod. We try again at {@code tryAgain}. */
    record Refused(Verdict why, String words, Duration pause, Instant tryAgain) implements Reservation {}

    /** We wrote it, and do not know whether the API server created the pod. The next attempt is made at {@code tryAgain}. */
    record Unsure(Verdict why, String words, Duration pause, Instant tryAgain) implements Reservation {}

    /**
     * We wrote it, and the API server created the pod at {@code at}. {@code pause} has the meaning that it has in {@link
     * Mine}.
     */
    record Created(Duration pause, Instant at) implements Reservation {}
}
