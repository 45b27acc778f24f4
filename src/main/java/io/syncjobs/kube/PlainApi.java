package io.syncjobs.kube;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * The API server over plain connections that are kept: for a process that makes a few requests and one watch, and has to be
 * small. Every request is sent once.
 */
public final class PlainApi implements StreamApi {
    private static final int LONGEST_ANSWER = 8 * 1024 * 1024;
    private static final int LONGEST_REFUSAL = 64 * 1024;

    /** The API server keeps one for 90 s: one that is taken out just then would be closed with a request on its way. */
    private static final long KEPT_NANOS = Duration.ofSeconds(20).toNanos();

    /** One that was idle for so long may have been closed by the other side, which is not heard before it is read. */
    private static final long QUIET_NANOS = Duration.ofSeconds(1).toNanos();

    /** Each has buffers, and after a burst they are idle. */
    private static final int MOST_KEPT = 64;

    private static final Duration CONNECT = Duration.ofSeconds(10);

    private final Access access;
    private final URI server;
    private final Duration timeout;
    private final int connectMillis;
    private final Client.Answered answered;
    private final Ticker ticker;
    private final BlockingDeque<Kept> kept = new LinkedBlockingDeque<>(MOST_KEPT);
    private volatile @Nullable SSLSocketFactory tls;

    /** {@code timeout} bounds each request but watches. */
    public PlainApi(ClusterAccess access, Duration timeout) {
        this(access, timeout, (verb, code) -> {});
    }

    /** {@code answered} is told of each answer, also of watches. */
    PlainApi(Access access, Duration timeout, Client.Answered answered) {
        this(access, timeout, answered, Ticker.SYSTEM);
    }

    /** {@code ticker} tells how long a connection was idle. */
    PlainApi(Access access, Duration timeout, Client.Answered answered, Ticker ticker) {
        this.ticker = ticker;
        this.access = access;
        this.timeout = timeout;
        this.answered = answered;
        server = URI.create(access.server());
        connectMillis = (int) Math.min(CONNECT.toMillis(), timeout.toMillis() / 2);
    }

    private record Kept(Connection connection, long since) {}

    @Override
    public byte[] get(String path) {
        return get(path, LONGEST_ANSWER)
                .orElseThrow(() ->
                        new ApiException(0, "the answer to GET " + path + " is over " + LONGEST_ANSWER + " bytes"));
    }

    @Override
    public Optional<byte[]> get(String path, int most, Duration patience) {
        return send("GET", path, () -> request(path), most, patience.compareTo(timeout) < 0 ? patience : timeout);
    }

    @Override
    public Optional<byte[]> metadata(String path, int most) {
        throw new UnsupportedOperationException("a worker lists its own jobs, and these whole: " + path);
    }

    @Override
    public byte[] create(String path, byte[] object) {
        return write("POST", path, JSON, object, JSON);
    }

    @Override
    public byte[] patch(String path, byte[] changes) {
        return write("PATCH", path, MERGE, changes, JSON);
    }

    @Override
    public byte[] patchForMetadata(String path, byte[] changes) {
        return write("PATCH", path, MERGE, changes, METADATA_ONLY);
    }

    @Override
    public byte[] delete(String path, byte[] options) {
        return write("DELETE", path, JSON, options, JSON);
    }

    private byte[] write(String method, String path, String contentType, byte[] body, String accept) {
        var managed = Api.with(path, "fieldManager=" + FIELD_MANAGER);
        var named = contentType.equals(MERGE) ? Api.with(managed, UNCHECKED) : managed;
        Supplier<byte[]> request = () -> request(method, named, accept, contentType, body);
        return send(method, path, request, LONGEST_ANSWER, timeout)
                .orElseThrow(() -> new ApiException(0, "the answer to " + method + " " + path + " is too long"));
    }

    private Optional<byte[]> send(String method, String path, Supplier<byte[]> request, int most, Duration patience) {
        try {
            try {
                return once(method, request.get(), most, patience);
            } catch (ApiException e) {
                if (e.code() != 401) throw e;
                // The token was replaced since it was read: nothing was done.
                access.forgetToken();
                return once(method, request.get(), most, patience);
            }
        } catch (IOException e) {
            throw failed(method, path, e);
        }
    }

    private Optional<byte[]> once(String method, byte[] request, int most, Duration patience) throws IOException {
        var connection = connection(method);
        var status = 0;
        byte[] body;
        try {
            status = connection.send(request, patience);
            body = connection.body(status / 100 == 2 ? most : LONGEST_REFUSAL);
        } catch (IOException | RuntimeException e) {
            connection.close();
            // The others lead to the same server, which may have gone.
            for (var other = kept.pollFirst(); other != null; other = kept.pollFirst())
                other.connection().close();
            throw e;
        } finally {
            answered.answered(method, status);
        }
        if (connection.isFree()) keep(connection);
        else connection.close();
        if (status / 100 != 2) throw HttpApi.refusal(status, body);
        return Optional.of(body).filter(whole -> whole.length <= most);
    }

    private void keep(Connection connection) throws IOException {
        var now = ticker.nanos();
        if (!kept.offerFirst(new Kept(connection, now))) connection.close();
        // After a burst nobody would ask for the ones at the end any more.
        var oldest = kept.peekLast();
        if (oldest != null && now - oldest.since() >= KEPT_NANOS && kept.removeLastOccurrence(oldest))
            oldest.connection().close();
    }

    @Override
    public InputStream stream(String path) {
        return stream(path, Duration.ZERO);
    }

    /** The same. It breaks when nothing has arrived for {@code silence}, unless that is zero. */
    InputStream stream(String path, Duration silence) {
        var told = false;
        try {
            var connection = open();
            try {
                var status = connection.send(request(path), timeout);
                told = true;
                answered.answered("GET", status);
                if (status / 100 == 2) return connection.stream(silence);
                if (status == 401) access.forgetToken();
                throw HttpApi.refusal(status, connection.body(LONGEST_REFUSAL));
            } catch (IOException | RuntimeException e) {
                connection.close();
                throw e;
            }
        } catch (IOException e) {
            if (!told) answered.answered("GET", 0);
            throw failed("GET", path, e);
        }
    }

    private Connection connection(String method) throws IOException {
        for (var last = kept.pollFirst(); last != null; last = kept.pollFirst()) {
            var idle = ticker.nanos() - last.since();
            if (idle < QUIET_NANOS || (idle < KEPT_NANOS && last.connection().isOpen())) return last.connection();
            last.connection().close();
        }
        try {
            return open();
        } catch (IOException e) {
            answered.answered(method, 0);
            throw e;
        }
    }

    private Connection open() throws IOException {
        var secure = "https".equals(server.getScheme());
        var port = server.getPort() >= 0 ? server.getPort() : secure ? 443 : 80;
        try {
            return Connection.open(server.getHost(), port, secure ? tls() : null, connectMillis);
        } catch (SSLException e) {
            // The cluster may have a new authority.
            if (isAboutCertificates(e)) tls = null;
            throw e;
        }
    }

    private static boolean isAboutCertificates(Throwable error) {
        for (var cause = error; cause != null; cause = cause.getCause())
            if (cause instanceof CertificateException) return true;
        return false;
    }

    private synchronized @Nullable SSLSocketFactory tls() {
        var known = tls;
        if (known == null)
            tls = known = access.trust().map(SSLContext::getSocketFactory).orElse(null);
        return known;
    }

    private static ApiException failed(String method, String path, IOException e) {
        return new ApiException(method + " " + path + " failed: " + e, e);
    }

    private byte[] request(String path) {
        return request("GET", path, JSON, "", null);
    }

    /** {@code contentType} is that of the body. */
    private byte[] request(String method, String path, String accept, String contentType, byte @Nullable [] body) {
        var head =
                new StringBuilder(1500).append(method).append(' ').append(path).append(" HTTP/1.1\r\n");
        head.append("Host: ").append(server.getRawAuthority()).append("\r\n");
        head.append("User-Agent: syncjobs\r\nAccept: ").append(accept).append("\r\n");
        access.token()
                .ifPresent(token ->
                        head.append("Authorization: Bearer ").append(token).append("\r\n"));
        if (body != null) {
            head.append("Content-Type: ").append(contentType).append("\r\n");
            head.append("Content-Length: ").append(body.length).append("\r\n");
        }
        var all = new ByteArrayOutputStream(head.length() + 2 + (body == null ? 0 : body.length));
        all.writeBytes(head.append("\r\n").toString().getBytes(ISO_8859_1));
        if (body != null) all.writeBytes(body);
        return all.toByteArray();
    }
}
