package io.syncjobs.core.trace;

/**
 * One line of a log without what its logger put before it.
 *
 * @param text what the program said, with its indentation
 * @param level what the logger said of it
 * @param headed true where a logger put something before it: a line of that kind begins something new
 */
record Line(String text, Level level, boolean headed) {
    boolean isBlank() {
        return text.isBlank();
    }
}
