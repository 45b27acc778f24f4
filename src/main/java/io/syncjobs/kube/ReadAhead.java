package io.syncjobs.kube;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Requests the next page of a list while the one before it is being read. By itself the client asks for a page when it has handled
 * the last one. After a restart the API server and this process would then wait for each other in turn, with each page.
 */
final class ReadAhead extends WrappedClient {
    /** The metadata of a list fit into this many bytes at the beginning or at the end. */
    private static final int METADATA = 2048;

    private static final Pattern CONTINUE = Pattern.compile("\"continue\":\"([\\w=-]+)\"");

    /** At most one page for each list, by what is listed. */
    private final Map<Set<String>, Page> next;

    private record Page(String token, CompletableFuture<HttpResponse<byte[]>> answer) {}

    ReadAhead(HttpClient http) {
        this(http, new ConcurrentHashMap<>());
    }

    private ReadAhead(HttpClient http, Map<Set<String>, Page> next) {
        super(http);
        this.next = next;
    }

    @Override
    HttpClient wrap(HttpClient derived) {
        return new ReadAhead(derived, next);
    }

    @Override
    @SuppressWarnings("unchecked") // an answer of bytes was asked for
    public <T> CompletableFuture<HttpResponse<T>> sendAsync(HttpRequest request, Class<T> type) {
        if (type != byte[].class || !PageLimits.isPage(request)) return super.sendAsync(request, type);
        var page = taken(request).orElseGet(() -> super.sendAsync(request, byte[].class));
        // On another thread: a page that is here already would be handled within the handling of the one before it.
        // On one of its own: with two cores the JDK's pool has one thread, on which all lists would wait for each
        // other.
        var read = page.thenApplyAsync(
                answer -> {
                    if (answer.isSuccessful()) readNext(request.uri(), answer.body());
                    return answer;
                },
                Thread::startVirtualThread);
        return (CompletableFuture<HttpResponse<T>>) (CompletableFuture<?>) read;
    }

    private Optional<CompletableFuture<HttpResponse<byte[]>>> taken(HttpRequest request) {
        var token = parameters(request.uri()).filter(ReadAhead::isToken).findAny();
        return Optional.ofNullable(next.remove(list(request.uri())))
                .filter(page -> token.equals(Optional.of(page.token())))
                .map(Page::answer);
    }

    private void readNext(URI page, byte[] body) {
        // The page after a long one may be too long. It is not held beside another.
        if (body.length > PageLimits.LONGEST / 4) return;
        token(body).ifPresent(token -> {
            var all = Stream.concat(list(page).stream(), Stream.of("limit=" + PageLimits.MOST, token));
            var address = page.toString().split("\\?", 2)[0]
                    + all.filter(one -> one.indexOf('=') > 0).collect(Collectors.joining("&", "?", ""));
            var request = newHttpRequestBuilder()
                    .uri(address)
                    .timeout(Api.PATIENCE.toSeconds(), TimeUnit.SECONDS)
                    .build();
            next.put(list(page), new Page(token, super.sendAsync(request, byte[].class)));
        });
    }

    /** What a page is one of: its path, and those parameters that are the same for all pages. */
    private static Set<String> list(URI page) {
        var same = parameters(page)
                .filter(one -> !isToken(one) && !one.startsWith("limit=") && !one.startsWith("resourceVersion"));
        return Stream.concat(Stream.of(page.getPath()), same).collect(Collectors.toUnmodifiableSet());
    }

    private static Stream<String> parameters(URI page) {
        return Stream.of(page.getRawQuery().split("&"));
    }

    private static boolean isToken(String parameter) {
        return parameter.startsWith("continue=");
    }

    /** The parameter for the next page. The list's metadata stand before or behind its items, which may contain anything. */
    static Optional<String> token(byte[] list) {
        var length = Math.min(list.length, METADATA);
        var head = new String(list, 0, length, UTF_8);
        var items = head.indexOf("\"items\":[");
        if (items < 0) return Optional.empty();
        var before = head.substring(0, items);
        var tail = new String(list, list.length - length, length, UTF_8);
        var metadata = before.contains("\"metadata\":") ? before : tail.substring(tail.lastIndexOf(']') + 1);
        var found = CONTINUE.matcher(metadata);
        return found.find() ? Optional.of("continue=" + found.group(1)) : Optional.empty();
    }
}
