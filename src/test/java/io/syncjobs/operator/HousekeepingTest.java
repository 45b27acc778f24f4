package io.syncjobs.operator;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncQueue;
import io.syncjobs.core.index.JobIndex;
import io.syncjobs.core.index.QueueKey;
import io.syncjobs.core.settings.Settings;
import io.syncjobs.enqueuer.ApiIo;
import io.syncjobs.enqueuer.IndexFeed;
import io.syncjobs.enqueuer.IndexThread;
import io.syncjobs.kube.CronJobs;
import io.syncjobs.kube.Events;
import io.syncjobs.kube.Jobs;
import io.syncjobs.kube.MemoryApi;
import io.syncjobs.kube.Queues;
import io.syncjobs.kube.Reservations;
import io.syncjobs.kube.Ticker;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is written about jobs that wait, each for another reason, and about their queues. */
class HousekeepingTest {
    private static final String PATH = "/apis/syncjobs.io/v1alpha1/namespaces/shop/";
    private static final int FINISHED = 1_200;
    private static final List<String> QUEUES = List.of("held", "narrow");
    private static final Map<String, String> REASONS = Map.of(
            "held", "QueuePaused",
            "later", "EtaInFuture",
            "homeless", "QueueNotFound",
            "behind", "QueueAtCapacity",
            "again", "RetryBackoff");

    private final Settings settings = Settings.from(Map.of());
    private final MemoryApi api = new MemoryApi();
    private final Jobs jobs = new Jobs(api);
    private final Reservations reservations = new Reservations();
    private final JobIndex index = new JobIndex(Duration.ofMinutes(1), Duration.ofMinutes(5));
    private final IndexThread thread = new IndexThread();
    private final IndexFeed feed = new IndexFeed(index, thread::post, jobs, reservations);
    private final CachedObjects caches = new Stored();
    private volatile Instant now = Instant.parse("2026-03-01T12:00:00Z");
    private volatile Archive archive = Archive.NONE;
    private final Housekeeping housekeeping = housekeeping();

    @BeforeEach
    void jobsThatWait() {
        Thread.ofVirtual().start(thread);
        api.watch(feed::job);
        api.watchGone(feed::jobGone);
        queue("held", "'paused':true");
        queue("narrow", "'capacity':1");
        job("held", "'queue':'held'", "");
        job("later", "'queue':'narrow','eta':'2099-01-01T00:00:00Z'", "");
        job("homeless", "'queue':'nosuch'", "");
        job("first", "'queue':'narrow'", "'status':{'state':'Started','worker':'first-1','attempt':1}");
        job("behind", "'queue':'narrow'", "");
        job(
                "again",
                "'queue':'narrow'",
                "'status':{'state':'Pending','reason':'RetryBackoff','message':'the shop was closed','reasonTime':'2026-03-01T11:59:00.000Z','nextAttemptTime':'2099-01-01T00:00:00.000Z'}");
    }

    @AfterEach
    void stop() {
        thread.stop();
    }

    @Test
    void nothingIsWrittenWhileNothingChanges() {
        Awaitility.await().atMost(60, SECONDS).untilAsserted(() -> {
            pass(Duration.ofSeconds(10));
            assertThat(REASONS)
                    .allSatisfy((job, reason) ->
                            assertThat(at("syncjobs/" + job, "/status/reason")).isEqualTo(reason));
            assertThat(QUEUES)
                    .allSatisfy(queue -> assertThat(at("syncqueues/" + queue, "/status/pending"))
                            .isNotEmpty());
        });

        // The last of the first writes may still be on its way, so there may be more than one try.
        Awaitility.await().atMost(60, SECONDS).untilAsserted(() -> {
            var before = api.writes().size();
            pass(Duration.ofMinutes(20));
            assertThat(List.copyOf(api.writes()).stream().skip(before)).isEmpty();
        });
    }

    /** More jobs than one round deletes: the next rounds do not wait for the time at which the queues are looked at again. */
    @Test
    void finishedJobsAreDeletedSecondBySecondUntilNoneIsLeft() {
        queue("held", "'retention':{'doneCount':0}");
        for (var i = 0; i < FINISHED; i++) {
            job(
                    "done-" + i,
                    "'queue':'held'",
                    "'status':{'state':'Done','attempt':1,'finishedTime':'2026-03-01T11:00:00.000Z'}");
        }

        for (var second = 1; second <= 3; second++) {
            var most = Math.max(0, FINISHED - 400 * second);
            pass(Duration.ofSeconds(1));

            Awaitility.await()
                    .atMost(60, SECONDS)
                    .untilAsserted(() -> assertThat(finished()).isLessThanOrEqualTo(most));
        }
    }

    /** As many as one round deletes, and they are listed first. */
    @Test
    void aNamespaceWhoseJobsMayNotBeDeletedDoesNotKeepThoseOfOthers() {
        api.keep(path -> path.contains("/namespaces/bank/"));
        put("bank", "syncqueues", "held", "'spec':{'retention':{'doneCount':0}}");
        feed.queue(new Queues(api).read("bank", "held").orElseThrow());
        queue("held", "'retention':{'doneCount':0}");
        var done = "'status':{'state':'Done','attempt':1,'finishedTime':'2026-03-01T11:00:00.000Z'}";
        for (var i = 0; i < 600; i++)
            put("bank", "syncjobs", "kept-" + i, "'spec':{'action':'export.order','queue':'held'}," + done);
        for (var i = 0; i < 3; i++) job("done-" + i, "'queue':'held'", done);

        Awaitility.await().atMost(60, SECONDS).untilAsserted(() -> {
            pass(Duration.ofSeconds(1));
            assertThat(finished()).isZero();
        });
    }

    @Test
    void aJobIsDeletedWhenTheArchiveHasSaidThatItHasIt() {
        var offered = new AtomicInteger();
        archive = job -> offered.incrementAndGet() > 3;
        queue("held", "'retention':{'doneCount':0}");
        job(
                "done-0",
                "'queue':'held'",
                "'status':{'state':'Done','attempt':1,'finishedTime':'2026-03-01T11:00:00.000Z'}");

        Awaitility.await().atMost(60, SECONDS).untilAsserted(() -> {
            pass(Duration.ofSeconds(5));
            assertThat(offered.get() > 3).isEqualTo(finished() == 0);
            assertThat(finished()).isZero();
        });
    }

    /** A webhook there may hold up each write for half a minute. */
    @Test
    void aNamespaceInWhichAllDeletionsHangKeepsNoOtherFromItsWrites() {
        api.hang(path -> path.contains("/namespaces/bank/"));
        put("bank", "syncqueues", "held", "'spec':{'retention':{'doneCount':0}}");
        feed.queue(new Queues(api).read("bank", "held").orElseThrow());
        queue("held", "'retention':{'doneCount':0}");
        var done = "'status':{'state':'Done','attempt':1,'finishedTime':'2026-03-01T11:00:00.000Z'}";
        for (var i = 0; i < 600; i++)
            put("bank", "syncjobs", "hung-" + i, "'spec':{'action':'export.order','queue':'held'}," + done);
        pass(Duration.ofSeconds(6));
        for (var i = 0; i < 3; i++) job("done-" + i, "'queue':'held'", done);
        job("more", "'queue':'held'", "");

        try {
            Awaitility.await().atMost(60, SECONDS).untilAsserted(() -> {
                pass(Duration.ofSeconds(1));
                assertThat(finished()).isZero();
                assertThat(at("syncqueues/held", "/status/pending")).isEqualTo("2");
            });
        } finally {
            api.hang(path -> false);
        }
    }

    /** A freeze of changes, for example: thousands of queues there would be tried, and logged, every other second. */
    @Test
    void aQueueWhoseNamespaceTakesNoWriteIsTriedOnceAMinute() {
        var tries = new AtomicInteger();
        api.freeze(path -> path.endsWith("/syncqueues/narrow/status") && tries.incrementAndGet() > 0);
        Awaitility.await().atMost(60, SECONDS).untilAsserted(() -> {
            pass(Duration.ofSeconds(1));
            assertThat(tries).hasPositiveValue();
        });
        var before = tries.get();
        for (var second = 0; second < 40; second++) {
            pass(Duration.ofSeconds(1));
            LockSupport.parkNanos(2_000_000);
        }
        assertThat(tries).hasValueLessThanOrEqualTo(before + 1);

        api.freeze(path -> false);
        Awaitility.await().atMost(60, SECONDS).untilAsserted(() -> {
            pass(Duration.ofSeconds(10));
            assertThat(at("syncqueues/narrow", "/status/pending")).isNotEmpty();
        });
    }

    private long finished() {
        return IntStream.range(0, FINISHED)
                .filter(i -> api.object(PATH + "syncjobs/done-" + i).isPresent())
                .count();
    }

    private void pass(Duration time) {
        for (var second = 0; second < time.toSeconds(); second++) {
            now = now.plusSeconds(1);
            if (now.getEpochSecond() % 60 == 0) minuteRun();
            thread.ask(() -> {
                index.advance(now);
                return true;
            });
            housekeeping.tick();
        }
    }

    private void minuteRun() {
        api.put(
                "/apis/batch/v1/namespaces/" + settings.namespace() + "/cronjobs/" + settings.cronJob(),
                "{\"status\":{\"lastScheduleTime\":\"" + now + "\",\"lastSuccessfulTime\":\"" + now + "\"}}");
    }

    private void queue(String name, String spec) {
        put("syncqueues", name, "'spec':{" + spec + ",'template':{'spec':{'containers':[{'name':'worker'}]}}}");
        feed.queue(caches.queue(new QueueKey("shop", name)).orElseThrow());
    }

    private void job(String name, String spec, String status) {
        var state = status.isEmpty() ? "'status':{'state':'Pending'}" : status;
        put("syncjobs", name, "'spec':{'action':'export.order'," + spec + "}," + state);
    }

    private void put(String kind, String name, String rest) {
        put("shop", kind, name, rest);
    }

    private void put(String namespace, String kind, String name, String rest) {
        var json = "{'metadata':{'name':'" + name + "','namespace':'" + namespace
                + "','generation':1,'creationTimestamp':'" + now + "'}," + rest + "}";
        api.put(
                "/apis/syncjobs.io/v1alpha1/namespaces/" + namespace + "/" + kind + "/" + name,
                json.replace('\'', '"'));
    }

    private String at(String object, String pointer) {
        return api.object(PATH + object)
                .map(found -> found.at(pointer))
                .map(JsonNode::asText)
                .orElse("");
    }

    private Housekeeping housekeeping() {
        var io = new ApiIo(api, jobs, List.of(), caches::job, reservations, feed, thread::post, () -> now);
        return new Housekeeping(
                settings,
                index,
                thread,
                io,
                caches,
                jobs,
                new Queues(api),
                new CronJobs(api),
                new Events(api, () -> now, Ticker.SYSTEM, Runnable::run, "operator-1"),
                reservations,
                new Metrics(() -> now),
                job -> archive.store(job),
                () -> now,
                Ticker.SYSTEM);
    }

    /** Caches that are never late. */
    private final class Stored implements CachedObjects {
        @Override
        public Optional<SyncJob> job(String namespace, String name) {
            return jobs.read(namespace, name);
        }

        @Override
        public Optional<SyncJob> watched(SyncJob job) {
            return jobs.read("shop", job.getMetadata().getName());
        }

        @Override
        public Optional<SyncQueue> queue(QueueKey key) {
            return new Queues(api).read(key.namespace(), key.name());
        }

        @Override
        public List<SyncQueue> queues() {
            return QUEUES.stream()
                    .flatMap(name -> queue(new QueueKey("shop", name)).stream())
                    .toList();
        }
    }
}
