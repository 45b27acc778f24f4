package io.syncjobs.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.syncjobs.kube.ApiException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class OutageWatchTest {
    private final AtomicInteger back = new AtomicInteger();
    private boolean answers = true;
    private final OutageWatch outages = new OutageWatch(this::ask, back::incrementAndGet);

    @Test
    void theFirstAnswerAfterTwoFailuresInARowEndsAnOutage() {
        fails();
        fails();
        assertThat(back).hasValue(0);

        outages.look();

        assertThat(back).hasValue(1);
    }

    @Test
    void oneFailureIsNoOutageHoweverOftenItComes() {
        for (var i = 0; i < 3; i++) {
            fails();
            outages.look();
        }

        assertThat(back).hasValue(0);
    }

    private void ask() {
        if (!answers) throw new ApiException(0, "no answer");
    }

    private void fails() {
        answers = false;
        assertThatThrownBy(outages::look).isInstanceOf(ApiException.class);
        answers = true;
    }
}
