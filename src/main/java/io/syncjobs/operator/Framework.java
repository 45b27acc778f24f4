package io.syncjobs.operator;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.config.Cloner;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfiguration;
import io.javaoperatorsdk.operator.api.monitoring.Metrics;
import io.syncjobs.core.Settings;
import java.time.Duration;
import java.util.concurrent.Executors;

/** How the operator framework is set up. */
final class Framework {
    /** Enough that some writes which hang hold up nobody: they wait for answers and cost little. */
    private static final int RECONCILERS = 64;

    /** A namespace that cannot be watched holds up the start for so long; it is tried again ever after. */
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

    /** The framework's defaults keep these proportions: 15 s, 10 s, 2 s. Its own exit would deadlock with our shutdown. */
    @SuppressWarnings("deprecation")
    private static LeaderElectionConfiguration leaderElection(Settings settings, LeaderCallbacks leadership) {
        return new LeaderElectionConfiguration(
                settings.operatorLease(),
                settings.namespace(),
                settings.lease(),
                settings.lease().multipliedBy(2).dividedBy(3),
                settings.lease().dividedBy(7),
                settings.pod(),
                leadership,
                false);
    }

    /** The reconcilers change nothing of what they are given: a copy of each object for each event would be in vain. */
    private static final class SharedObjects implements Cloner {
        @Override
        public <R extends HasMetadata> R clone(R object) {
            return object;
        }
    }
}
