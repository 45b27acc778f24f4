package io.syncjobs.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.javaoperatorsdk.operator.api.config.BaseConfigurationService;
import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.junit.jupiter.api.Test;

class FrameworkTest {
    /** With no core thread the pool gives its thread 10 ms to find work, again and again. */
    @Test
    void theFrameworksTimerKeepsItsThreadInsteadOfWakingItAllTheTime() {
        var framework = new BaseConfigurationService();
        var manager = framework.getExecutorServiceManager();
        try {
            Framework.calmTimer(framework);

            var timer = (ScheduledThreadPoolExecutor) manager.scheduledExecutorService();
            assertThat(timer.getCorePoolSize()).isEqualTo(1);
        } finally {
            manager.stop(Duration.ofSeconds(1));
        }
    }
}
