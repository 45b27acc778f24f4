package io.syncjobs.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The programs that check the chart, built by dev/tools. */
public final class Tools {
    private static final Duration BUILD = Duration.ofMinutes(8);

    private static final Duration PROMTOOL_BUILD = Duration.ofMinutes(15);

    private Tools() {}

    /** Where a program is. */
    public static Path path(String name) {
        return Path.of(Shell.run(
                        BUILD, Map.of(), "", List.of(Shell.project("dev/tools").toString(), name))
                .orThrow()
                .out()
                .strip());
    }

    /** Runs promtool; the first time it is compiled. */
    public static Shell.Result promtool(String input, String... arguments) {
        var command = new ArrayList<>(List.of("dev/promtool/promtool"));
        command.addAll(List.of(arguments));
        return Shell.run(PROMTOOL_BUILD, Map.of(), input, command);
    }

    /** An OCI registry that keeps what it gets in memory. */
    public record Registry(String address, Process process) implements AutoCloseable {
        /** Starts one and waits until it answers. */
        public static Registry start() {
            try {
                var port = freePort();
                var process = new ProcessBuilder(path("registry").toString(), "-port", Integer.toString(port))
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
                Waiting.until("the registry answers", () -> answers(port), () -> "alive: " + process.isAlive());
                return new Registry("localhost:" + port, process);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static int freePort() throws IOException {
            try (var free = new ServerSocket(0)) {
                return free.getLocalPort();
            }
        }

        private static boolean answers(int port) {
            try (var socket = new Socket("localhost", port)) {
                return socket.isConnected();
            } catch (IOException e) {
                return false;
            }
        }

        @Override
        public void close() {
            process.destroy();
        }
    }
}
