package io.syncjobs.core.queue;

import static io.syncjobs.core.job.Given.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.syncjobs.api.Reason;
import io.syncjobs.core.queue.SchedulerHealth.Seen;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SchedulerHealthTest {
    private static final Duration OVERDUE = Duration.ofMinutes(3);
    private static final Instant LONG_AGO = NOW.minus(Duration.ofDays(1));
    private static final Optional<Instant> NEVER = Optional.empty();

    @Test
    void aScheduleWhoseRunsSucceedIsGood() {
        assertThat(judge(seen(false, ago(10), ago(70)), LONG_AGO).problem()).isEmpty();
        assertThat(judge(seen(false, ago(180), ago(180)), LONG_AGO).problem()).isEmpty();
    }

    @Test
    void missingAndSuspendedAreSaidAtOnceWithWhatToDo() {
        var missing = judge(Optional.empty(), NOW);
        var suspended = judge(seen(true, ago(10), ago(10)), NOW);

        assertThat(missing.problem()).contains(Reason.SCHEDULER_MISSING);
        assertThat(missing.message()).contains("helm upgrade");
        assertThat(suspended.problem()).contains(Reason.SCHEDULER_SUSPENDED);
        assertThat(suspended.message()).contains("kubectl -n syncjobs-system patch cronjob syncjobs-enqueue");
    }

    @Test
    void runsThatDoNotStartOrDoNotSucceedAreToldApart() {
        var idle = judge(seen(false, ago(300), ago(300)), LONG_AGO);
        var failing = judge(seen(false, ago(10), ago(300)), LONG_AGO);
        var never = judge(seen(false, NEVER, NEVER), LONG_AGO);

        assertThat(idle.problem()).contains(Reason.SCHEDULER_NOT_RUNNING);
        assertThat(idle.message()).contains("do not start", "enqueuer.overdueSeconds (180)");
        assertThat(failing.message()).contains("do not succeed");
        assertThat(never.message()).contains("do not start");
    }

    @Test
    void afterAnOutageOfTheObserverOrASuspensionTheSchedulerGetsItsTime() {
        assertThat(judge(seen(false, ago(300), ago(300)), NOW.minusSeconds(179)).problem())
                .isEmpty();
        assertThat(judge(seen(false, ago(300), ago(300)), NOW.minusSeconds(181)).problem())
                .isPresent();
    }

    private static SchedulerHealth judge(Optional<Seen> seen, Instant goodSince) {
        return SchedulerHealth.judge("syncjobs-system", "syncjobs-enqueue", seen, goodSince, OVERDUE, NOW);
    }

    private static Optional<Seen> seen(boolean suspended, Optional<Instant> scheduled, Optional<Instant> succeeded) {
        return Optional.of(new Seen(suspended, LONG_AGO, scheduled, succeeded));
    }

    private static Optional<Instant> ago(int seconds) {
        return Optional.of(NOW.minusSeconds(seconds));
    }
}
