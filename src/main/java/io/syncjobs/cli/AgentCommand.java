package io.syncjobs.cli;

import io.syncjobs.agent.AgentProcess;
import io.syncjobs.agent.AgentSettings;
import io.syncjobs.core.pool.AgentContainer;
import io.syncjobs.kube.ClusterAccess;
import io.syncjobs.kube.Ticker;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Runs the agent of a warm worker. */
@Command(
        name = "agent",
        mixinStandardHelpOptions = true,
        description =
                "Runs the agent of a warm worker, beside the handler in a pod of a SyncWorkerPool; the operator starts it.")
final class AgentCommand implements Callable<Integer> {
    @Override
    public Integer call() throws Exception {
        var environment = System.getenv();
        var settings = AgentSettings.from(environment);
        var access = ClusterAccess.ofPod(environment, Ticker.SYSTEM);
        try (var agent = new AgentProcess(settings, access, AgentContainer.PORT)) {
            agent.run();
        }
        // The agent ends by itself only if a later start of the agent has taken its Lease.
        return 1;
    }
}
