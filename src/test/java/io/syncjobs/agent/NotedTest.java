package io.syncjobs.agent;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.syncjobs.kube.StreamApi;
import io.syncjobs.kube.Ticker;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** An operator that has not seen a worker renew its Lease notes this on the Lease. Each loop of the agent makes one round at a time. */
class NotedTest implements Ticker {
    private static final String NO_JOBS = "{\"metadata\": {\"resourceVersion\": \"7\"}, \"items\": []}";

    /** What ends a loop after one round. */
    private static final class Round extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    private final TestWorker worker = new TestWorker();
    private final List<Runnable> started = new ArrayList<>();
    private Duration passed = Duration.ZERO;
    private final AgentLife life = new AgentLife(
            worker.settings, server(), worker, "first", () -> TestWorker.START.plus(passed), this, started::add);

    private StreamApi server() {
        return (StreamApi) Proxy.newProxyInstance(
                StreamApi.class.getClassLoader(), new Class<?>[] {StreamApi.class}, (self, request, with) -> {
                    var path = String.valueOf(with[0]);
                    if (request.getName().equals("stream")) return watch(path);
                    if (path.contains("/leases")) return ofLeases(request, with);
                    var list = NO_JOBS.getBytes(UTF_8);
                    return request.getReturnType().equals(Optional.class) ? Optional.of(list) : list;
                });
    }

    private Object ofLeases(Method request, Object[] with) throws Throwable {
        try {
            return request.invoke(worker.api, with);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    /** The Lease as it is, or nothing. */
    private InputStream watch(String path) {
        var lease = worker.api.object(TestWorker.LEASE);
        if (!path.contains("/leases?") || lease.isEmpty()) return InputStream.nullInputStream();
        return new ByteArrayInputStream(
                "{\"type\":\"ADDED\",\"object\":%s}\n".formatted(lease.get()).getBytes(UTF_8));
    }

    @Override
    public long nanos() {
        return passed.toNanos();
    }

    @Override
    public void sleep(Duration time) {
        throw new Round();
    }

    /** A second later: a round of the agent's loop, of its watches, and all that these have begun. */
    private void round() {
        passed = passed.plusSeconds(1);
        once(() -> {
            try {
                life.run();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        while (!started.isEmpty()) once(started.removeFirst());
    }

    private static void once(Runnable loop) {
        try {
            loop.run();
        } catch (Round e) {
            // the next one comes when the test says so
        }
    }

    @Test
    void aNoteThatTheWatchOfItsLeaseBringsIsAnsweredOnce() {
        for (var i = 0; i < 3; i++) round();
        var noted = worker.lease("/spec/renewTime");
        round();
        assertThat(worker.lease("/spec/renewTime"))
                .as("its heartbeat is ten seconds")
                .isEqualTo(noted);

        worker.api.put(
                TestWorker.LEASE, "{\"metadata\": {\"annotations\": {\"syncjobs.io/seen\": \"" + noted + " 0\"}}}");
        // The watch of each round shows the note once more while the answer is on its way.
        for (var i = 0; i < 3; i++) round();
        var answer = worker.lease("/spec/renewTime");
        assertThat(answer).isGreaterThan(noted);
        for (var i = 0; i < 3; i++) round();
        assertThat(worker.lease("/spec/renewTime")).isEqualTo(answer);
    }
}
