package io.syncjobs.simulation;

import io.syncjobs.core.settings.Settings;
import io.syncjobs.enqueuer.ScheduledEnqueue;
import io.syncjobs.kube.ApiException;

/** One minute run: the shipped {@link ScheduledEnqueue}, from its start to its end. */
final class SimMinuteRun extends SimProcess {
    /** {@code settings} are those of its own pod. */
    SimMinuteRun(World world, ApiServer api, Settings settings) {
        super(world, api, settings.pod());
        start(() -> run(settings));
    }

    private void run(Settings settings) {
        try {
            new ScheduledEnqueue(api(), settings, world::now, ticker()).run();
            api.minuteRunSucceeds();
            die("ended");
        } catch (ApiException e) {
            die("ended with " + e.getMessage());
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts it", e);
        }
    }
}
