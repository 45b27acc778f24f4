package io.syncjobs.cli;

import io.syncjobs.core.Settings;
import io.syncjobs.enqueuer.Explainer;
import io.syncjobs.kube.Client;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Says why one job is not running, also when no operator could have written it. */
@Command(
        name = "explain",
        mixinStandardHelpOptions = true,
        description = "Says why a job is not running, and what to do.")
final class ExplainCommand implements Callable<Integer> {
    @Parameters(paramLabel = "JOB", description = "Name of the SyncJob.")
    private String job;

    @Option(
            names = {"-n", "--namespace"},
            paramLabel = "NAMESPACE",
            description = "Its namespace (default: ${DEFAULT-VALUE}).",
            defaultValue = "default")
    private String namespace;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        try (var client = Client.connect()) {
            var answer = new Explainer(client, Settings.from(System.getenv())).explain(namespace, job);
            spec.commandLine().getOut().println(answer);
        }
        return 0;
    }
}
