package io.syncjobs.core.trace;

/**
 * One line of a log without the prefix of its logger.
 *
 * @param text the text of the program, with its indentation
 * @param level the level that the logger wrote
 * @param headed true if the line had a prefix; such a line begins a new message
 */
record Line(String text, Level level, boolean headed) {}
