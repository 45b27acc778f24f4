package io.syncjobs.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.syncjobs.enqueuer.IndexThread;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class OperatorProcessTest {
    /** A warm job that is being handled would wait for the answer until it is interrupted. */
    @Test
    void theIndexAnswersUntilTheLastJobIsHandled() throws InterruptedException {
        var index = new IndexThread();
        var thread = Thread.ofVirtual().start(index);
        var answer = new AtomicReference<String>();

        OperatorProcess.finish(() -> answer.set(index.ask(() -> "alive")), index);

        assertThat(answer).hasValue("alive");
        assertThat(thread.join(Duration.ofSeconds(10))).as("then it ends").isTrue();
    }
}
