package io.syncjobs.simulation;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;

/** Time, chance, and what happens next. Everything that happens is an event of this one queue: a seed gives one history. */
final class World {
    static final Instant START = Instant.parse("2026-03-01T12:00:00Z");
    private static final int LINES = 50_000;

    private record Event(Instant at, long order, Runnable action) implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            var byTime = at.compareTo(other.at);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }
    }

    private record Line(Instant at, String who, String job, Object what, Object outcome) {
        @Override
        public String toString() {
            return at + "  " + who + "  " + job + "  " + what + (outcome.equals("") ? "" : "  → " + outcome);
        }
    }

    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private final ArrayDeque<Line> lines = new ArrayDeque<>();
    private final Random random;
    private long order;
    private Instant now = START;
    private boolean trouble = true;
    private int faults;

    World(int seed) {
        random = new Random(seed);
    }

    Instant now() {
        return now;
    }

    long nanos() {
        return Duration.between(START, now).toNanos();
    }

    void at(Instant time, Runnable action) {
        events.add(new Event(time, order++, action));
    }

    void in(Duration wait, Runnable action) {
        at(now.plus(wait), action);
    }

    void runUntil(Instant end) {
        while (!events.isEmpty() && !events.peek().at().isAfter(end)) {
            var next = events.remove();
            now = next.at();
            next.action().run();
        }
        now = end;
    }

    int pick(int bound) {
        return random.nextInt(bound);
    }

    <T> T pick(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    boolean isTrouble() {
        return trouble;
    }

    /** From now on everything works. */
    void calm() {
        trouble = false;
        say("world", "", "no more trouble", "");
    }

    /** True with this probability, and only while there is trouble; counts as a fault. */
    boolean fault(double probability) {
        var happens = trouble && random.nextDouble() < probability;
        if (happens) faults++;
        return happens;
    }

    int faults() {
        return faults;
    }

    Duration seconds(int from, int to) {
        return Duration.ofMillis(from * 1000L + random.nextInt((to - from) * 1000 + 1));
    }

    /** How long a message takes: milliseconds, and once in a while so long that much happens in between. */
    Duration travel() {
        return fault(0.01) ? seconds(1, 40) : Duration.ofMillis(1 + random.nextInt(60));
    }

    void say(String who, String job, Object what, Object outcome) {
        lines.add(new Line(now, who, job, what, outcome));
        if (lines.size() > LINES) lines.remove();
    }

    /** The last that happened to this job or to a whole process, and everything of the last seconds. */
    List<String> story(String job, int most) {
        var late = now.minusSeconds(Integer.getInteger("simulation.last", 2));
        var told = new ArrayDeque<String>();
        lines.descendingIterator().forEachRemaining(line -> {
            var concerns = line.at().isAfter(late)
                    || line.job().isEmpty()
                    || line.job().equals(job);
            if (told.size() < most && concerns) told.addFirst(line.toString());
        });
        return List.copyOf(told);
    }
}
