package io.syncjobs.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/** Runs programs as a person would type them, each with a time limit. */
public final class Shell {
    private Shell() {}

    /** What a program printed and how it ended. */
    public record Result(List<String> command, int exit, String out, String err) {
        /** Itself when the program succeeded; else the failure with everything that it said. */
        public Result orThrow() {
            if (exit == 0) return this;
            throw new AssertionError("$ " + String.join(" ", command) + "\nexit " + exit + "\n" + out + err);
        }
    }

    /** Runs {@code command} in the project's folder; {@code input} is its standard input. */
    public static Result run(Duration limit, Map<String, String> environment, String input, List<String> command) {
        try {
            var builder = new ProcessBuilder(command);
            builder.environment().putAll(environment);
            var process = builder.start();
            var out = reader(process.getInputStream());
            var err = reader(process.getErrorStream());
            try (var stdin = process.getOutputStream()) {
                stdin.write(input.getBytes(UTF_8));
            } catch (IOException e) {
                // It ended without reading its input: its exit code and words tell more than this does.
            }
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly().waitFor();
                throw new AssertionError("$ " + String.join(" ", command) + "\nwas ended after " + limit.toSeconds()
                        + " s\n" + out.get() + err.get());
            }
            return new Result(command, process.exitValue(), out.get(), err.get());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while " + command.getFirst() + " ran", e);
        } catch (ExecutionException e) {
            throw new AssertionError("the output of " + command.getFirst() + " could not be read", e);
        }
    }

    /** A file of the project, wherever the tests are started. */
    static Path project(String file) {
        return Path.of(System.getProperty("basedir", "."))
                .toAbsolutePath()
                .normalize()
                .resolve(file);
    }

    /** The text of a file of the project. */
    public static String text(String file) {
        try {
            return Files.readString(project(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static CompletableFuture<String> reader(InputStream stream) {
        var text = new CompletableFuture<String>();
        Thread.ofVirtual().start(() -> {
            try (stream) {
                text.complete(new String(stream.readAllBytes(), UTF_8));
            } catch (IOException e) {
                text.completeExceptionally(e);
            }
        });
        return text;
    }
}
