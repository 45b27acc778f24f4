package io.syncjobs.agent;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.syncjobs.kube.ApiException;
import io.syncjobs.kube.StreamApi;
import io.syncjobs.kube.Ticker;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** How an agent watches its jobs where the API server, or a proxy before it, ends its watches. */
class FollowTest implements Ticker {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final List<Long> begun = new ArrayList<>();
    private final List<Runnable> started = new ArrayList<>();
    private Supplier<InputStream> watch = InputStream::nullInputStream;
    private long nanos;
    private boolean follows;
    private final AgentLife life = life();

    private AgentLife life() {
        var api = (StreamApi) Proxy.newProxyInstance(
                StreamApi.class.getClassLoader(), new Class<?>[] {StreamApi.class}, (self, request, with) -> {
                    if (request.getName().equals("stream")) return begin();
                    var list = "{\"metadata\": {\"resourceVersion\": \"7\"}, \"items\": []}".getBytes(UTF_8);
                    return request.getReturnType().equals(Optional.class) ? Optional.of(list) : list;
                });
        var worker = new TestWorker();
        return new AgentLife(worker.settings, api, worker, "first", InstantSource.system(), this, started::add);
    }

    private InputStream begin() {
        begun.add(nanos);
        if (begun.size() == 1_000) life.end();
        return watch.get();
    }

    @Override
    public long nanos() {
        return nanos;
    }

    @Override
    public void sleep(Duration time) throws InterruptedException {
        if (!follows) throw new InterruptedException("the other loop is not needed");
        later(time);
    }

    private void later(Duration time) {
        nanos += time.toNanos();
        if (nanos > MINUTE.toNanos() * 10) life.end();
    }

    /** Ten minutes. */
    private void follow() {
        try {
            life.run();
        } catch (InterruptedException e) {
            follows = true;
        }
        started.getFirst().run();
    }

    @Test
    void aWatchThatEndsAtOnceIsBegunAgainAfterAPauseThatGrows() {
        follow();

        assertThat(begun).hasSizeBetween(120, 130);
    }

    @Test
    void aWatchThatSaysAtOnceThatItsVersionIsGoneIsBegunAgainAfterAPauseThatGrows() {
        watch = () -> new ByteArrayInputStream(
                "{\"type\":\"ERROR\",\"object\":{\"kind\":\"Status\",\"code\":410}}\n".getBytes(UTF_8));
        follow();

        assertThat(begun).hasSizeBetween(120, 130);
    }

    /** Some load balancers cut each connection after a minute. */
    @Test
    void aWatchThatLastedIsBegunAgainAtOnceHoweverItEnded() {
        watch = () -> {
            later(MINUTE);
            throw new ApiException("connection reset", new IOException());
        };
        follow();

        assertThat(begun)
                .hasSize(10)
                .last()
                .isEqualTo(Duration.ofMillis(9 * 60_000 + 9 * 100).toNanos());
    }
}
