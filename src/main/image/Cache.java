import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.zip.CRC32;

/**
 * Makes the AOT cache from the list of classes that a training run has used. The same list gives the same bytes.
 *
 * <p>The JVM's own way is to make the cache in the training run itself; then 2.6 of its 72 MB are different each time. Two caches
 * made from one list differ only in the times at which soft references were last looked at, and in the checksums over these. So
 * this makes the cache twice, and sets each such time to zero. Any other difference is an error.
 *
 * <p>Arguments: the list, the cache, then the command that starts the JVM, up to and including its class path.
 */
final class Cache {
    /** Offsets in the header: its length, its checksum, and the first byte that the checksum covers. */
    private static final int HEADER_SIZE = 12;

    private static final int CHECKSUM = 4;
    private static final int CHECKED_FROM = 16;

    /** Distances from a region's checksum to the fields that say where the region begins in the file and how long it is. */
    private static final int TO_OFFSET = 24;

    private static final int TO_USED = 40;

    /** On a busy machine a try may fail. */
    private static final int MOST_TRIES = 4;

    /** Soft references count milliseconds since the machine's start; the second cache is made within this time. */
    private static final long BETWEEN = 1_800_000;

    private static final class NotReproducible extends Exception {
        private static final long serialVersionUID = 1;

        NotReproducible(String why) {
            super(why);
        }
    }

    public static void main(String[] args) throws Exception {
        var list = Path.of(args[0]);
        var cache = Path.of(args[1]);
        var java = List.of(args).subList(2, args.length);
        Files.write(list, ordered(Files.readAllLines(list, UTF_8)), UTF_8);
        var last = dumped(java, list, cache);
        for (var tries = 1; tries <= MOST_TRIES; tries++) {
            var next = dumped(java, list, cache);
            try {
                Files.write(cache, settled(last, next));
                return;
            } catch (NotReproducible e) {
                System.err.println("AOT cache: this JDK has not made the same one twice: " + e.getMessage());
                last = next;
            }
        }
    }

    /** Threads use classes in another order each time, so the list is sorted and its numbers are dropped. */
    private static List<String> ordered(List<String> lines) {
        return lines.stream()
                .filter(line -> !line.startsWith("#"))
                .map(line -> line.replaceFirst(" id: .*", ""))
                .distinct()
                .sorted(Comparator.comparing(Cache::kind).thenComparing(Comparator.naturalOrder()))
                .toList();
    }

    /** Classes come before the lines about them. */
    private static int kind(String line) {
        if (!line.startsWith("@")) return 0;
        return line.startsWith("@cp") ? 2 : 1;
    }

    private static byte[] dumped(List<String> java, Path list, Path cache) throws Exception {
        Files.deleteIfExists(cache);
        var command = new ArrayList<>(List.of(java.getFirst()));
        command.addAll(List.of("-Xshare:dump", "-XX:+AOTClassLinking"));
        command.addAll(List.of("-XX:SharedClassListFile=" + list, "-XX:SharedArchiveFile=" + cache));
        command.addAll(java.subList(1, java.size()));
        // The cache holds the size of the heap, which would otherwise depend on the machine's memory. This heap is
        // never
        // full, so its objects stay where they were made, whenever garbage is collected.
        command.addAll(List.of("-Xms512m", "-Xmn256m", "-Xmx512m"));
        var process = new ProcessBuilder(command).inheritIO().start();
        if (process.waitFor() != 0 || !Files.exists(cache)) throw new IOException("the JVM made no cache of " + list);
        return Files.readAllBytes(cache);
    }

    private static byte[] settled(byte[] first, byte[] second) throws NotReproducible {
        if (first.length != second.length) throw new NotReproducible(first.length + " and " + second.length + " bytes");
        var one = ByteBuffer.wrap(first).order(ByteOrder.LITTLE_ENDIAN);
        var two = ByteBuffer.wrap(second).order(ByteOrder.LITTLE_ENDIAN);
        var header = one.getInt(HEADER_SIZE);
        checked(one, CHECKSUM, CHECKED_FROM, header);
        var changed = new ArrayList<Integer>();
        for (var at = CHECKED_FROM; at < header; at += Integer.BYTES) {
            if (one.getInt(at) == two.getInt(at)) continue;
            checked(one, at, one.getLong(at + TO_OFFSET), one.getLong(at + TO_OFFSET) + one.getLong(at + TO_USED));
            changed.add(at);
        }
        for (var at = Math.ceilDiv(header, Long.BYTES) * Long.BYTES; at < first.length; at += Long.BYTES) {
            var before = one.getLong(at);
            var later = two.getLong(at);
            if (before == later) continue;
            if (before <= 0 || later <= before || later - before > BETWEEN)
                throw new NotReproducible("at " + at + " there is no time of a soft reference");
            one.putLong(at, 0);
        }
        for (var at : changed) {
            var from = one.getLong(at + TO_OFFSET);
            one.putInt(at, checksum(first, from, from + one.getLong(at + TO_USED)));
        }
        one.putInt(CHECKSUM, checksum(first, CHECKED_FROM, header));
        return first;
    }

    /** Proves that there is a checksum at {@code at}, by computing it again. */
    private static void checked(ByteBuffer file, int at, long from, long to) throws NotReproducible {
        if (from < 0 || to < from || to > file.capacity() || checksum(file.array(), from, to) != file.getInt(at))
            throw new NotReproducible("at " + at + " there is no checksum");
    }

    private static int checksum(byte[] file, long from, long to) {
        var sum = new CRC32();
        sum.update(file, (int) from, (int) (to - from));
        return (int) sum.getValue();
    }
}
