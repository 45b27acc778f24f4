package io.syncjobs.cli;

import io.syncjobs.core.settings.Settings;
import io.syncjobs.enqueuer.ScheduledEnqueue;
import io.syncjobs.kube.Api;
import io.syncjobs.kube.Client;
import io.syncjobs.kube.Ticker;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Makes one minute run. */
@Command(
        name = "enqueue",
        mixinStandardHelpOptions = true,
        description =
                "One pass over all queues, as the CronJob runs it; a live operator is only asked for a full sweep.")
final class EnqueueCommand implements Callable<Integer> {
    @Override
    public Integer call() throws Exception {
        try (var client = Client.connect()) {
            new ScheduledEnqueue(Api.of(client), Settings.from(System.getenv()), InstantSource.system(), Ticker.SYSTEM)
                    .run();
        }
        return 0;
    }
}
