package shop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** A worker that fails in the way that its argument names. */
public class Sync {
    static class ExportFailed extends RuntimeException {
        ExportFailed(String message, Throwable cause) {
            super(message, cause);
        }
    }

    static class Shop implements AutoCloseable {
        void post(int order) throws IOException {
            throw new IOException("the shop answered 422 for order " + order);
        }

        @Override
        public void close() {
            throw new IllegalStateException("logout refused", new IOException("Stream closed"));
        }
    }

    static class Settings {
        static final int BATCH = Integer.parseInt(Map.of("batch", "many").get("batch"));
    }

    static void export(int order) {
        try {
            new Shop().post(order);
        } catch (IOException e) {
            throw new ExportFailed("order " + order + " was not exported", new UncheckedIOException("post failed", e));
        }
    }

    static int depth(int level) {
        return depth(level + 1) + 1;
    }

    static String get(String url) throws Exception {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }

    public static void main(String[] args) throws Exception {
        System.out.println("order-sync 3.1 begins");
        switch (args[0]) {
            case "chain" -> export(5120);
            case "hook" -> {
                Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                    System.out.println("closing 4 connections");
                    System.out.println("Shutdown completed.");
                }));
                export(5121);
            }
            case "suppressed" -> {
                try (var shop = new Shop()) {
                    shop.post(5122);
                }
            }
            case "initializer" -> System.out.println(Settings.BATCH);
            case "initializer-again" -> {
                try {
                    System.out.println(Settings.BATCH);
                } catch (ExceptionInInitializerError e) {
                    System.out.println("settings are not ready, once more");
                }
                System.out.println(Settings.BATCH);
            }
            case "overflow" -> depth(1);
            case "heap" -> {
                var rows = new ArrayList<long[]>();
                while (true) {
                    rows.add(new long[1_000_000]);
                }
            }
            case "refused" -> get("http://127.0.0.1:9/orders");
            case "future" -> CompletableFuture.runAsync(() -> export(5123)).join();
            case "virtual" -> Thread.startVirtualThread(() -> export(5124)).join();
            case "pool" -> {
                try (var pool = Executors.newFixedThreadPool(2, Thread.ofPlatform().name("export-", 1).factory())) {
                    pool.execute(() -> export(5125));
                    pool.shutdown();
                    pool.awaitTermination(5, TimeUnit.SECONDS);
                }
                System.out.println("exported 2 of 3 orders");
                System.exit(1);
            }
            case "circular" -> {
                var first = new IllegalStateException("stock of LA-4 is locked");
                first.initCause(new IllegalStateException("lock is waited for by itself", first));
                throw first;
            }
            case "lines" -> throw new IllegalArgumentException("price list 12 is broken:\n  line 3: no price\n  line 9: no sku\n\nsee the manual, chapter 4");
            case "null" -> {
                List<Map<String, String>> lines = List.of(Map.of());
                System.out.println(lines.getFirst().get("sku").length());
            }
            case "crash" -> {
                var field = Class.forName("sun.misc.Unsafe").getDeclaredField("theUnsafe");
                field.setAccessible(true);
                ((sun.misc.Unsafe) field.get(null)).putAddress(0, 0);
            }
            case "exit" -> {
                System.out.println("pushed 0 of 12 products");
                System.exit(3);
            }
            default -> throw new IllegalArgumentException(args[0]);
        }
    }
}
