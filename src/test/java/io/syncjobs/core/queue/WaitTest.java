package io.syncjobs.core.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.syncjobs.api.Reason;
import io.syncjobs.core.Limits;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WaitTest {
    private static final HeldPlaces NOTHING_HELD = new HeldPlaces(0, 0, Optional.empty());

    @Test
    void aQueueWithFreePlacesSaysForWhomTheyAre() {
        assertThat(Wait.capacity("orders", 3, 4, 1, NOTHING_HELD).text())
                .isEqualTo(
                        "queue orders runs 3 of at most 4 (spec.capacity); what is free goes to jobs before this one;"
                                + " 1 job is before this one");
        assertThat(Wait.capacity("orders", 4, 4, 0, NOTHING_HELD).text())
                .isEqualTo("queue orders runs 4 of at most 4 (spec.capacity); this job is the next");
    }

    /** A longer one would be refused, and the job would have no reason at all. */
    @Test
    void ofAMessageThatIsTooLongForAStatusWhatToDoStays() {
        var wait = new Wait(Reason.NO_WORKERS, "x".repeat(2_000), new Remedy.SeePool("shop", "magento"));

        assertThat(wait.text())
                .hasSize(Limits.MESSAGE_CHARS)
                .endsWith("…; " + new Remedy.SeePool("shop", "magento").text());
    }
}
