package io.syncjobs.simulation;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.TreeMap;

/** Time, chance, and what happens next. Everything that happens is an event of this one queue: a seed gives one history. */
final class World {
    static final Instant START = Instant.parse("2026-03-01T00:00:00Z");
    private static final int LINES = 50_000;

    /** Steps of one moment: what asks for more never waits for anything. */
    private static final int MOST_AT_ONCE = 10_000;

    private record Event(long at, long order, Runnable action) implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            return at != other.at ? Long.compare(at, other.at) : Long.compare(order, other.order);
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
    private final Map<String, Integer> totals = new TreeMap<>();
    private final SimThreads threads = new SimThreads();
    private final SplittableRandom random;
    private final Traffic traffic = new Traffic(this);
    private final boolean telling;
    private long order;
    private long fingerprint;
    private Instant now = START;
    private boolean trouble;
    private Instant calmSince = START;

    /** A history is told only where somebody wants to read it: the same seed gives it again. */
    World(int seed, boolean telling) {
        random = new SplittableRandom(seed);
        this.telling = telling;
    }

    SimThreads threads() {
        return threads;
    }

    Traffic traffic() {
        return traffic;
    }

    Instant now() {
        return now;
    }

    long nanos() {
        return nanos(now);
    }

    private static long nanos(Instant time) {
        return (time.getEpochSecond() - START.getEpochSecond()) * 1_000_000_000L + time.getNano();
    }

    void at(Instant time, Runnable action) {
        events.add(new Event(Math.max(nanos(time), nanos()), order++, action));
    }

    void in(Duration wait, Runnable action) {
        at(now.plus(wait), action);
    }

    /**
     * Looks at what the product does on one of its threads. The product handles whatever is thrown there, so a broken promise is
     * thrown where the history is lived.
     */
    void judged(Runnable look) {
        try {
            look.run();
        } catch (Judge.Broken broken) {
            in(Duration.ZERO, () -> {
                throw broken;
            });
        }
    }

    void runUntil(Instant end) {
        var steps = 0;
        while (!events.isEmpty() && events.peek().at() <= nanos(end)) {
            var next = events.remove();
            steps = next.at() == nanos() ? steps + 1 : 0;
            if (steps > MOST_AT_ONCE) throw new IllegalStateException("a hot loop: time stands still at " + now);
            now = START.plusNanos(next.at());
            next.action().run();
            threads.run();
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

    /** Whether things go wrong from now on. */
    void setTrouble(boolean goesWrong) {
        trouble = goesWrong;
        calmSince = now;
        say("world", "", goesWrong ? "trouble begins" : "no more trouble", "");
    }

    /** True where nothing has gone wrong for so long. */
    boolean isCalmFor(Duration time) {
        return !trouble && now.isAfter(calmSince.plus(time));
    }

    /** True with this probability, and only while there is trouble; counts as a fault of this name. */
    boolean fault(double probability, String name) {
        var happens = trouble && random.nextDouble() < probability;
        if (happens) count(name);
        return happens;
    }

    /** Something happened that a history is worth living for. */
    void count(String name) {
        totals.merge(name, 1, Integer::sum);
    }

    Map<String, Integer> totals() {
        return totals;
    }

    Duration seconds(int from, int to) {
        return Duration.ofMillis(from * 1000L + random.nextInt((to - from) * 1000 + 1));
    }

    /** How long a message takes: milliseconds, and once in a while so long that much happens in between. */
    Duration travel() {
        if (fault(0.01, "late messages")) return random.nextBoolean() ? seconds(0, 2) : seconds(2, 40);
        return Duration.ofMillis(1 + random.nextInt(60));
    }

    void say(String who, String job, Object what, Object outcome) {
        fingerprint = fingerprint * 31 + nanos();
        fingerprint = fingerprint * 31 + who.hashCode();
        fingerprint = fingerprint * 31 + job.hashCode();
        if (!telling) return;
        lines.add(new Line(now, who, job, what, outcome));
        if (lines.size() > LINES) lines.remove();
    }

    /** Of all that was said: two histories with the same one are the same. */
    long fingerprint() {
        return fingerprint;
    }

    /** The last that happened to this job or to a whole process, and everything of the last seconds. */
    List<String> story(String job, int most) {
        var late = now.minusSeconds(Integer.getInteger("simulation.last", 2));
        var told = new ArrayDeque<String>();
        lines.descendingIterator().forEachRemaining(line -> {
            var concerns = line.at().isAfter(late)
                    || line.job().isEmpty()
                    || line.job().equals(job)
                    || line.job().equals(System.getProperty("simulation.job"));
            if (told.size() < most && concerns) told.addFirst(line.toString());
        });
        return List.copyOf(told);
    }
}
