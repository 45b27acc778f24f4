package io.syncjobs.core.worker;

import static io.syncjobs.core.job.Given.NOW;
import static io.syncjobs.core.job.Given.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.syncjobs.api.Names;
import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncJobSpec;
import io.syncjobs.core.job.Given;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a handler is sent. */
class HandlerRequestTest {
    private static final String TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    @ParameterizedTest
    @CsvSource({
        "export.order, /do/export.order",
        "../admin, /do/..%2Fadmin",
        "a-z_A-Z~09, /do/a-z_A-Z~09",
        "'@[`{/:', /do/%40%5B%60%7B%2F%3A",
        "grün, /do/gr%C3%BCn"
    })
    void anActionLeadsToNoOtherRoute(String action, String path) {
        var handler = new Handler("magento", "handler", 8080, "/do/{action}", Optional.empty(), 0);

        assertThat(HandlerRequest.call(job(action), handler).path()).isEqualTo(path);
        assertThat(HandlerRequest.cancel(job(action), "/do/{action}").path()).isEqualTo(path);
    }

    @Test
    void aJobWithoutPayloadSendsNull() {
        var handler = new Handler("magento", "handler", 8080, "/", Optional.empty(), 0);

        assertThat(HandlerRequest.call(job("a"), handler).body()).isEqualTo("null");
    }

    @Test
    void everythingButThePayloadStandsInHeaders() {
        var job = Given.annotated(with(job("export.order"), s -> s.startedTime = NOW), Names.TRACEPARENT, TRACE);

        assertThat(HandlerRequest.cancel(job, "/").headers())
                .containsEntry("SyncJob-Name", "a")
                .containsEntry("SyncJob-Attempt", "1")
                .containsEntry("SyncJob-Deadline", NOW.plusSeconds(3600).toString())
                .containsEntry("ce-id", "uid-a-1")
                .containsEntry("ce-source", "/apis/syncjobs.io/v1alpha1/namespaces/shop/syncjobs/a")
                .containsEntry("traceparent", TRACE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0",
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-011",
                "00.0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                "00-0af7651916cd43dd8448eb211c80319c.b7ad6b7169203331-01",
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331.01",
                "00-0Af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                "00-0gf7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                "00-0`f7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                "00-0/f7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                "00-0:f7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                "00-0\nf7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
            })
    void whatIsNoTraceparentGetsIntoNoHeader(String text) {
        var job = Given.annotated(job("a"), Names.TRACEPARENT, text);

        assertThat(HandlerRequest.cancel(job, "/").headers()).doesNotContainKey("traceparent");
    }

    private static SyncJob job(String action) {
        return with(
                Given.job("a", new SyncJobSpec("default", action, null, null, null, null, null, null)),
                s -> s.attempt = 1);
    }
}
