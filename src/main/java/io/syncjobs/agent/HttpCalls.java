package io.syncjobs.agent;

import io.syncjobs.core.worker.HandlerAnswer;
import io.syncjobs.core.worker.HandlerAnswer.Answered;
import io.syncjobs.core.worker.HandlerAnswer.Broken;
import io.syncjobs.core.worker.HandlerAnswer.NotHttp;
import io.syncjobs.core.worker.HandlerAnswer.NotSent;
import io.syncjobs.core.worker.HandlerRequest;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/**
 * The handler over HTTP/1.1, within the pod. Each call has a connection of its own: one that is kept may be closed by the handler
 * at the very moment when the next request is sent, and nobody could tell whether it has begun with it.
 */
final class HttpCalls implements Calls {
    /** More than this is read of no answer: results have 4 KiB, traces 16 KiB. */
    static final int MOST_BYTES = 64 * 1024;

    private static final Duration CONNECT = Duration.ofSeconds(2);
    private static final Duration TELL = Duration.ofSeconds(10);

    static {
        // Read once by the client, when it is first used.
        System.setProperty("jdk.httpclient.allowRestrictedHeaders", "connection");
    }

    private final int port;
    private final HttpClient http;

    HttpCalls(int port) {
        this.port = port;
        http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT)
                .followRedirects(HttpClient.Redirect.NEVER)
                .executor(Executors.newVirtualThreadPerTaskExecutor())
                .build();
    }

    @Override
    public Call start(HandlerRequest request, Consumer<HandlerAnswer> answered) {
        var thread = Thread.ofVirtual().name("call").start(() -> answered.accept(call(request)));
        return thread::interrupt;
    }

    private HandlerAnswer call(HandlerRequest request) {
        try {
            return read(http.send(post(request).build(), BodyHandlers.ofInputStream()));
        } catch (ConnectException | HttpConnectTimeoutException e) {
            return new NotSent("127.0.0.1:" + port + " takes no connection");
        } catch (ProtocolException e) {
            return new NotHttp(said(e));
        } catch (IOException e) {
            return new Broken(said(e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Broken("the call was abandoned");
        }
    }

    private static HandlerAnswer read(HttpResponse<InputStream> answer) throws IOException {
        try (var in = answer.body()) {
            var body = in.readNBytes(MOST_BYTES);
            var whole = body.length < MOST_BYTES || in.read() < 0;
            var headers = answer.headers();
            return new Answered(
                    answer.statusCode(),
                    headers.firstValue("Content-Type").orElse(""),
                    headers.firstValue("Retry-After").orElse(""),
                    body,
                    whole);
        }
    }

    private static String said(IOException e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    private HttpRequest.Builder post(HandlerRequest request) {
        var builder = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + request.path()))
                .header("Connection", "close")
                .POST(BodyPublishers.ofByteArray(request.body()));
        request.headers().forEach(builder::header);
        return builder;
    }

    @Override
    public void tell(HandlerRequest request) {
        try {
            http.send(post(request).timeout(TELL).build(), BodyHandlers.discarding());
        } catch (IOException e) {
            // It was asked a favour: whether it does it shows in its answer to the call.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean isReady() {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), (int) CONNECT.toMillis());
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
