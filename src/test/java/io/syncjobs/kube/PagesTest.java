package io.syncjobs.kube;

import static java.util.concurrent.TimeUnit.MINUTES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.syncjobs.api.SyncJob;
import io.syncjobs.kube.StubApi.Answer;
import io.syncjobs.kube.StubApi.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A page is held as a whole: its size is bounded by bytes, whatever the objects are. */
class PagesTest {
    private static final String LARGE = "x".repeat(1_400_000);
    private static final String HUGE = "\\u003c".repeat(1_400_000);

    @Test
    void pagesOfSmallObjectsGrow() {
        try (var api = new StubApi(request -> page(request, 3_000, Integer.MAX_VALUE))) {
            assertThat(new Lists(api.api()).read(SyncJob.class, List.of(), "", Pruned::of))
                    .hasSize(3_000);

            assertThat(limits(api)).startsWith(5, 10, 20, 40, 80, 160, 320, 500).hasSizeLessThan(15);
        }
    }

    @Test
    void aPageThatIsTooLongIsReadAgainInSmallOnesAndNothingIsMissing() {
        try (var api = new StubApi(request -> page(request, 100, 50))) {
            assertThat(new Lists(api.api()).read(SyncJob.class, List.of(), "", Pruned::of))
                    .extracting(job -> job.getMetadata().getName())
                    .doesNotHaveDuplicates()
                    .hasSize(100);

            assertThat(limits(api)).startsWith(5, 10, 20, 40).endsWith(5, 5, 5);
        }
    }

    /**
     * A run that lives for seconds must not fail because of one page. The API server had too much to do, or its connection broke: also
     * an own read may have closed it, of a page that was too long.
     */
    @ParameterizedTest
    @ValueSource(ints = {0, 429, 500, 503})
    void aPageThatDoesNotComeIsAskedForAgain(int code) {
        var asked = new AtomicInteger();
        try (var api = new StubApi(request -> {
            if (asked.incrementAndGet() != 2) return page(request, 20, 20);
            if (code == 0) throw new IllegalStateException("this closes the connection");
            return Answer.refusal(code, "too many requests, please try again later");
        })) {
            assertThat(new Lists(api.api()).read(SyncJob.class, List.of(), "", Pruned::of))
                    .hasSize(20);

            assertThat(limits(api)).containsExactly(5, 10, 10, 20);
        }
    }

    /** One pod of 1.4 MB in etcd may have six times as much in a page. */
    @Test
    void anObjectThatIsLargerInAPageThanInTheStoreIsReadAlone() {
        try (var api = new StubApi(request -> page(request, 20, 10, HUGE))) {
            assertThat(new Lists(api.api()).read(SyncJob.class, List.of(), "", Pruned::of))
                    .hasSize(20);

            assertThat(limits(api)).startsWith(5, 10, 5, 10, 5, 1).endsWith(1, 1);
        }
    }

    @Test
    void theListOfAWatchReadsHugeObjectsOneByOne() {
        try (var api = new StubApi(request -> page(request, 20, 10, HUGE))) {
            awaitWatched(api, 20);
        }
    }

    @Test
    void listsOfMetadataAreBoundedToo() {
        try (var api = new StubApi(request -> page(request, 100, 50))) {
            var names = new ArrayList<String>();
            new MetadataLists(api.api()).read("/jobs", "", page -> page.forEach(item -> names.add(item.name())));

            assertThat(names).doesNotHaveDuplicates().hasSize(100);
            assertThat(limits(api)).startsWith(5, 10, 20, 40).endsWith(5, 5, 5);
        }
    }

    @Test
    void aListOfMetadataTakesFewPages() {
        try (var api = new StubApi(request -> page(request, 20_000, Integer.MAX_VALUE))) {
            new MetadataLists(api.api()).read("/jobs", "", page -> {});

            assertThat(limits(api)).endsWith(2_500, 2_500).hasSizeLessThan(20);
        }
    }

    @Test
    void theListOfAWatchBeginsAnewInSmallPages() {
        try (var api = new StubApi(request -> page(request, 100, 50))) {
            awaitWatched(api, 100);

            assertThat(limits(api)).startsWith(5, 10, 20, 40, 5, 5);
        }
    }

    /** Jobs are numbered; those from {@code large} on have 1.4 MB each. */
    private static Answer page(Request request, int all, int large) {
        return page(request, all, large, LARGE);
    }

    private static Answer page(Request request, int all, int large, String text) {
        var limit = limit(request);
        var from = request.path().contains("continue=")
                ? Integer.parseInt(request.path().replaceAll(".*continue=(\\d+).*", "$1"))
                : 0;
        var to = Math.min(all, from + limit);
        var items = IntStream.range(from, to)
                .mapToObj(i -> String.format(
                        Locale.ROOT,
                        "{\"metadata\":{\"name\":\"job-%d\",\"annotations\":{\"of\":\"%s\"}}}",
                        i,
                        i >= large ? text : ""))
                .collect(Collectors.joining(","));
        var next = to < all ? "\"continue\":\"" + to + "\"," : "";
        return new Answer(200, "{\"metadata\":{" + next + "\"resourceVersion\":\"1\"},\"items\":[" + items + "]}");
    }

    /** Awaits that a watch has listed so many jobs. */
    private static void awaitWatched(StubApi api, int jobs) {
        var informer = api.client()
                .resources(SyncJob.class)
                .inAnyNamespace()
                .withLimit(500L)
                .runnableInformer(0);
        try (informer) {
            var started = informer.exceptionHandler((running, error) -> true).start();
            await().atMost(1, MINUTES).until(() -> informer.getStore().list().size() == jobs);
            started.toCompletableFuture().cancel(true);
        }
    }

    private static List<Integer> limits(StubApi api) {
        return api.requests(request -> request.path().contains("limit=")).stream()
                .map(PagesTest::limit)
                .toList();
    }

    private static int limit(Request request) {
        return Integer.parseInt(request.path().replaceAll(".*limit=(\\d+).*", "$1"));
    }
}
