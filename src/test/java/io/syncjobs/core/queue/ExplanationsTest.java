package io.syncjobs.core.queue;

import static io.syncjobs.core.job.Given.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.syncjobs.api.Reason;
import io.syncjobs.core.job.Given;
import io.syncjobs.core.queue.Explanations.Why;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When a waiting job gets its reason. */
class ExplanationsTest {
    /** The job was created a minute before. */
    @ParameterizedTest
    @CsvSource({
        "QUEUE_NOT_FOUND, -56, false",
        "QUEUE_NOT_FOUND, -55, true",
        "INVALID_TEMPLATE, -55, true",
        "QUEUE_AT_CAPACITY, -55, false",
        "QUEUE_AT_CAPACITY, 0, true"
    })
    void plainMisconfigurationIsToldAfterFiveSecondsAndTheRestWhenAJobHasWaitedLong(
            Reason reason, int second, boolean told) {
        var waiting = List.of(new Why(Given.job("a"), reason, "because"));

        assertThat(Explanations.worthWriting(waiting, Duration.ofSeconds(60), NOW.plusSeconds(second)))
                .hasSize(told ? 1 : 0);
    }
}
