package io.syncjobs.kube;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.syncjobs.core.index.SilenceNote;
import java.io.ByteArrayInputStream;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a worker hears of an operator that has not seen it renew its Lease. */
class SilenceNotesTest {
    private static final String RENEWED = "2026-03-01T12:00:00.120000Z";

    private final List<String> asked = new ArrayList<>();

    /** The operator writes times as Java prints them: without the zeros at their end. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            the time of the last renewal           | 2026-03-01T12:00:00.120Z 0      | 1
            the same, and for longer               | 2026-03-01T12:00:00.120000Z 240 | 1
            an earlier one, so it was answered     | 2026-03-01T11:59:50.120Z 0      | 0
            no note                                |                                 | 0
            what nobody of this product writes     | soon 0                          | 0
            the same                               | 2026-03-01T12:00:00.120Z        | 0
            """)
    void aNoteAsksForARenewalUntilThereWasOne(String what, String note, int times) {
        assertThat(heard(event("MODIFIED", note == null ? "" : note))).as(what).isEqualTo(times);
    }

    @Test
    void whatTheOperatorNotesOfALeaseIsUnderstoodByItsAgent() {
        var noted = Workers.entry(Json.read("""
                {"metadata":{"name":"worker-1","resourceVersion":"7"},"spec":{"renewTime":"%s"}}
                """.formatted(RENEWED).getBytes(UTF_8), Lease.class));
        var note = new SilenceNote(noted.renewed(), Duration.ofMinutes(4));
        assertThat(heard(event("MODIFIED", note.text()))).isEqualTo(1);
    }

    @Test
    void theLeaseAsItIsWhenTheWatchBeginsCountsToo() {
        assertThat(heard(event("ADDED", RENEWED + " 0"))).isEqualTo(1);
        assertThat(heard(event("DELETED", RENEWED + " 0"))).isZero();
    }

    @Test
    void whatIsNoLeaseOfAWorkerAsksForNothing() {
        assertThat(heard("{\"type\":\"MODIFIED\",\"object\":{\"metadata\":[],\"spec\":7}}"))
                .isZero();
        assertThat(heard("{\"type\":\"BOOKMARK\",\"object\":{}}")).isZero();
    }

    @Test
    void onlyItsOwnLeaseIsWatched() {
        heard("");
        assertThat(asked)
                .containsExactly("/apis/coordination.k8s.io/v1/namespaces/shop/leases"
                        + "?fieldSelector=metadata.name%3Dworker-1&resourceVersion=0"
                        + "&watch=1&allowWatchBookmarks=true&timeoutSeconds=300");
    }

    private static String event(String type, String note) {
        return """
                {"type":"%s","object":{"metadata":{"name":"worker-1","annotations":{"syncjobs.io/seen":"%s"}},\
                "spec":{"renewTime":"%s"}}}
                """.formatted(type, note, RENEWED);
    }

    private int heard(String events) {
        var api = (StreamApi) Proxy.newProxyInstance(
                StreamApi.class.getClassLoader(), new Class<?>[] {StreamApi.class}, (self, request, with) -> {
                    asked.add(String.valueOf(with[0]));
                    return new ByteArrayInputStream((events + "\n").getBytes(UTF_8));
                });
        var times = new int[1];
        new SilenceNotes(api, () -> 0, "shop", "worker-1").follow(() -> times[0]++);
        return times[0];
    }
}
