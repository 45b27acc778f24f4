package io.syncjobs.faults;

import io.syncjobs.cluster.Images;
import io.syncjobs.cluster.Waiting;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A process of the product as it ships, from the files of its image and in a root of its own, where a test can kill it. */
final class ShippedProcess implements AutoCloseable {
    /** Mounts go with the process: they are in a mount namespace of its own. */
    private static final String ENTER = "mount -t proc proc \"$0/proc\" && mount --rbind /dev \"$0/dev\""
            + " && exec chroot --userspec=65532:65532 \"$0\" /opt/java/bin/java \"$@\"";

    private final Process process;
    private final Path log;

    private ShippedProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /** Starts a subcommand; {@code log} takes what it prints. */
    static ShippedProcess start(Map<String, String> environment, Path log, String subcommand) {
        var flags = subcommand.equals("agent") ? "@/app/agent" : "@/app/syncjobs";
        var root = Images.productRoot();
        var command = new ArrayList<>(List.of("unshare", "--mount", "sh", "-c", ENTER, root.toString()));
        command.addAll(List.of(flags, subcommand));
        var builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().clear();
        builder.environment().put("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
        builder.environment().putAll(environment);
        try {
            var process = builder.start();
            // Whoever ends the tests before they are over ends it too: it would keep its port from the next ones.
            Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
            return new ShippedProcess(process, log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** SIGKILL. */
    void kill() {
        process.destroyForcibly();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Does something when it has ended. */
    void onEnd(Runnable then) {
        var _ = process.onExit().thenRun(then);
    }

    /** Waits until it has ended; its exit code. */
    int awaitEnd() {
        Waiting.until("the process ends", () -> !process.isAlive(), this::log);
        return process.exitValue();
    }

    String log() {
        try {
            var lines = Files.readAllLines(log);
            return String.join("\n", lines.subList(Math.max(0, lines.size() - 60), lines.size()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends it as Kubernetes does: SIGTERM, and after its grace period SIGKILL. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) process.destroyForcibly();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
        }
    }
}
