package io.syncjobs.core;

import java.util.stream.IntStream;

/**
 * How much of all that they could try random tests do try: a part of it in {@code ./mvnw test}, everything in {@code ./mvnw verify}.
 * Tests that ask here have the tag {@code tries}.
 */
public final class Tries {
    private static final int PERCENT = Integer.getInteger("tries.percent", 100);

    private Tries() {}

    /** The first ones of so many. */
    public static int of(int all) {
        return Math.max(1, all * PERCENT / 100);
    }

    /** Of numbers that follow each other an even selection, another one for each {@code choice}. */
    public static IntStream of(IntStream all, int choice) {
        return all.filter(each -> Math.floorMod(each * 37 + choice, 100) < PERCENT);
    }
}
