package io.syncjobs.faults;

import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;

/** What becomes of a request on its way to the API server. */
sealed interface Fault {
    /** Nothing. */
    Fault NONE = new None();

    record None() implements Fault {}

    /** The API server carries it out, and what happens then comes before anybody gets the answer; nobody does. */
    record LoseAnswer(Runnable then) implements Fault {}

    /** Carried out; the answer waits for {@code isHandedOn}, which says whether anybody gets it, and what happens then comes right after. */
    record KeepAnswer(BooleanSupplier isHandedOn, Runnable then) implements Fault {}

    /** Never carried out: its sender is gone when {@code untilGone} has waited for that. */
    record Withhold(Runnable untilGone) implements Fault {}

    /** The connection breaks before the request has reached the API server. */
    record Reset() implements Fault {}

    /** Answered on the way, in the API server's stead. */
    record Answer(int code, String reason) implements Fault {}

    /** Handed on when {@code until} is open: the request of a process that was frozen. {@code held} opens when it waits. */
    record Hold(CountDownLatch held, CountDownLatch until) implements Fault {}

    /** A watch that goes on from where the API server has forgotten: it says so itself, with a 410 within the stream. */
    record Forgotten() implements Fault {}

    /** Handed on late. */
    record Delay(long millis) implements Fault {}
}
