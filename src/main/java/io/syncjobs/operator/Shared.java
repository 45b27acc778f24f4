package io.syncjobs.operator;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.syncjobs.core.settings.Settings;
import io.syncjobs.kube.Api;
import io.syncjobs.kube.Client;
import io.syncjobs.kube.Events;
import io.syncjobs.kube.Jobs;
import io.syncjobs.kube.Pods;
import io.syncjobs.kube.Reservations;
import io.syncjobs.kube.Ticker;
import java.time.InstantSource;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;

/** What all parts of the operator share: the settings, the clock, the metrics, and the access to the API server. */
record Shared(
        Settings settings,
        InstantSource clock,
        Metrics metrics,
        KubernetesClient client,
        Api api,
        Jobs jobs,
        Pods pods,
        Events events,
        Reservations reservations) {
    /** The limit for events that are written at once. */
    private static final int EVENT_WRITES = 8;

    /** Connects to the API server. Nothing is read or written yet. */
    static Shared connect(Settings settings) {
        var clock = InstantSource.system();
        var metrics = new Metrics(clock);
        var client = Client.connect(metrics::answered);
        var api = Api.of(client, metrics::answered);
        var events = new Events(api, clock, Ticker.SYSTEM, threads("event-", EVENT_WRITES), settings.pod());
        metrics.droppedEvents(m -> events.dropped());
        return new Shared(
                settings,
                clock,
                metrics,
                client,
                api,
                new Jobs(api, metrics::written),
                new Pods(api),
                events,
                new Reservations());
    }

    /** Threads for at most {@code most} requests at once. */
    static Executor threads(String name, int most) {
        return Executors.newFixedThreadPool(
                most, Thread.ofVirtual().name(name, 0).factory());
    }
}
