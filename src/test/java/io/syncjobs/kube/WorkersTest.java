package io.syncjobs.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.WatchEvent;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseList;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The Leases of workers, which their accounts may fill with whatever the API server takes. */
class WorkersTest {
    /** The API server takes a year 0, and makes the year 10000 of the end of 9999 in another time zone. */
    @ParameterizedTest
    @ValueSource(
            strings = {"0000-01-01T00:00:00.000000Z", "-0001-12-31T00:01:00.000000Z", "10000-01-01T22:59:59.000000Z"})
    void aWorkerThatClaimsAStrangeTimeEndsNeitherTheListNorTheWatchOfAllOtherLeases(String time) {
        var strange = lease("shop-7f-a", time);
        var usual = lease("shop-7f-b", "2026-03-01T12:00:00.123456Z");
        var list = Json.serialization()
                .unmarshal(
                        "{\"apiVersion\":\"coordination.k8s.io/v1\",\"kind\":\"LeaseList\",\"items\":[" + strange + ","
                                + usual + "]}",
                        LeaseList.class);
        var event =
                Json.serialization().unmarshal("{\"type\":\"MODIFIED\",\"object\":" + strange + "}", WatchEvent.class);

        assertThat(list.getItems())
                .extracting(lease -> Workers.entry(lease).name())
                .containsExactly("shop-7f-a", "shop-7f-b");
        assertThat(event.getObject())
                .isInstanceOfSatisfying(
                        Lease.class,
                        lease -> assertThat(Workers.entry(lease).name()).isEqualTo("shop-7f-a"));
    }

    @Test
    void eachRenewalIsToldFromTheLast() {
        var read = Json.serialization().unmarshal(lease("a", "2026-03-01T12:00:00.123456Z"), Lease.class);

        assertThat(read.getSpec().getRenewTime().toInstant()).isEqualTo(Instant.parse("2026-03-01T12:00:00.123456Z"));
        assertThat(Workers.entry(read).renewed())
                .isNotEqualTo(Workers.entry(
                                Json.serialization().unmarshal(lease("a", "2026-03-01T12:00:00.123457Z"), Lease.class))
                        .renewed());
        assertThat(Json.serialization().asJson(read)).contains("\"renewTime\":\"2026-03-01T12:00:00.123456Z\"");
    }

    /** Otherwise a run that must end, and that it does not end, would keep its place for as long. */
    @Test
    void noWorkerSaysThatItMayBeSilentForYears() {
        var lease = new LeaseBuilder(
                        Json.serialization().unmarshal(lease("a", "2026-03-01T12:00:00.123456Z"), Lease.class))
                .editSpec()
                .withLeaseDurationSeconds(Integer.MAX_VALUE)
                .withRenewTime(Instant.EPOCH.atZone(ZoneOffset.UTC))
                .endSpec()
                .build();

        assertThat(Workers.entry(lease).deadAfter()).isEqualTo(Duration.ofDays(1));
    }

    private static String lease(String name, String time) {
        return "{\"apiVersion\":\"coordination.k8s.io/v1\",\"kind\":\"Lease\",\"metadata\":{\"name\":\"" + name
                + "\",\"namespace\":\"erp\",\"resourceVersion\":\"7\"},\"spec\":{\"acquireTime\":\"" + time
                + "\",\"renewTime\":\"" + time + "\",\"leaseDurationSeconds\":300}}";
    }
}
