package io.syncjobs.core.trace;

/** {@code E0302 04:10:07.411111       1 main.go:12] text}: the prefix of glog and klog. */
final class Glog {
    private static final int LONGEST = 100;

    private Glog() {}

    /** The position after the bracket that ends the prefix; -1 if no prefix begins here. */
    static int end(String line, int at) {
        if (line.length() < at + 22
                || "IWEF".indexOf(line.charAt(at)) < 0
                || !isDate(Chars.digits(line, at + 1) - at - 1)
                || line.charAt(Chars.digits(line, at + 1)) != ' ') return -1;
        var end = Chars.find(line, "] ", at + 20, LONGEST);
        return end < 0 ? -1 : end + 1;
    }

    /** Newer versions write the year too. */
    private static boolean isDate(int digits) {
        return digits == 4 || digits == 8;
    }

    static Level level(char first) {
        return switch (first) {
            case 'F' -> Level.FATAL;
            case 'E' -> Level.ERROR;
            case 'W' -> Level.WARN;
            default -> Level.INFO;
        };
    }
}
