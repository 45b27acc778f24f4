package io.syncjobs.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What the operator's process has had resident at its most since it was started; its cluster runs on this machine. */
public final class Memory {
    private static final String PEAK = "VmHWM:";

    private Memory() {}

    /** Megabytes. */
    public static long peak(Release release) {
        var uids = release.cluster().client().pods().inNamespace(release.namespace()).list().getItems().stream()
                .filter(pod -> release.operatorPods().contains(pod.getMetadata().getName()))
                .map(pod -> pod.getMetadata().getUid())
                .toList();
        try (var processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            var most = 0L;
            for (var process : processes) if (isOf(process, uids)) most = Math.max(most, peak(process));
            if (most == 0) throw new AssertionError("no process of " + release.operatorPods() + " is found");
            return most;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isOf(Path process, List<String> uids) {
        var groups = read(process.resolve("cgroup")).replace('_', '-');
        return uids.stream().anyMatch(groups::contains);
    }

    private static long peak(Path process) {
        return read(process.resolve("status"))
                .lines()
                .filter(line -> line.startsWith(PEAK))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
                .findFirst()
                .orElse(0);
    }

    /** Empty of a process that has ended meanwhile. */
    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return "";
        }
    }
}
