package io.syncjobs.operator;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.config.Cloner;
import io.javaoperatorsdk.operator.api.config.ConfigurationService;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfiguration;
import io.javaoperatorsdk.operator.api.monitoring.Metrics;
import io.syncjobs.core.settings.Settings;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadPoolExecutor;

/** The setup of the operator framework. */
final class Framework {
    /** Some writes may hang without holding up the others: the threads wait for answers and cost little. */
    static final int RECONCILERS = 128;

    /** How long the start waits for a namespace that cannot be watched. The watch is tried again later. */
    private static final Duration CACHE_SYNC = Duration.ofSeconds(30);

    private Framework() {}

    static Operator operator(Settings settings, KubernetesClient client, Metrics metrics, LeaderCallbacks leadership) {
        return new Operator(o -> o.withKubernetesClient(client)
                .withMetrics(metrics)
                .withExecutorService(Executors.newFixedThreadPool(
                        RECONCILERS, Thread.ofVirtual().name("job-", 0).factory()))
                .withResourceCloner(new SharedObjects())
                .withStopOnInformerErrorDuringStartup(false)
                .withCacheSyncTimeout(CACHE_SYNC)
                .withReconciliationTerminationTimeout(Duration.ofSeconds(10))
                .withCloseClientOnStop(false)
                .withLeaderElectionConfiguration(leaderElection(settings, leadership)));
    }

    /**
     * To be called once the operator has started. The framework's timer is a pool without core threads. As long as such a pool
     * has work for later, the JDK wakes its thread a hundred times per second.
     */
    static void calmTimer(ConfigurationService framework) {
        if (framework.getExecutorServiceManager().scheduledExecutorService() instanceof ThreadPoolExecutor timer)
            timer.setCorePoolSize(1);
    }

    /**
     * 15 s, 10 s, 3 s, if the Lease has its usual duration. The framework must not exit by itself, because that would deadlock with
     * our shutdown.
     */
    @SuppressWarnings("deprecation")
    private static LeaderElectionConfiguration leaderElection(Settings settings, LeaderCallbacks leadership) {
        return new LeaderElectionConfiguration(
                settings.operatorLease(),
                settings.namespace(),
                settings.lease(),
                settings.lease().multipliedBy(2).dividedBy(3),
                settings.lease().dividedBy(5),
                settings.pod(),
                leadership,
                false);
    }

    /** The reconcilers do not change the objects that they are given, so copies are unnecessary. */
    private static final class SharedObjects implements Cloner {
        @Override
        public <R extends HasMetadata> R clone(R object) {
            return object;
        }
    }
}
