package io.syncjobs.cli;

import io.syncjobs.core.settings.Settings;
import io.syncjobs.core.settings.Settings.Parameter;
import io.syncjobs.enqueuer.Explainer;
import io.syncjobs.kube.Api;
import io.syncjobs.kube.ApiException;
import io.syncjobs.kube.Client;
import io.syncjobs.kube.CronJobs;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Explains why a job is not running, even if no operator could have written it to the job's status. */
@Command(
        name = "explain",
        mixinStandardHelpOptions = true,
        description = "Says why a job is not running, and what to do.")
final class ExplainCommand implements Callable<Integer> {
    @Mixin
    private final JobArguments named = new JobArguments();

    @Option(
            names = "--operator-namespace",
            paramLabel = "NAMESPACE",
            description = "Where SyncJobs is installed (default: SYNCJOBS_NAMESPACE, else syncjobs-system).")
    private @Nullable String operatorNamespace;

    @Option(
            names = "--release",
            paramLabel = "NAME",
            description =
                    "What the names of its Deployment and CronJob begin with (default: SYNCJOBS_RELEASE, else syncjobs).")
    private @Nullable String release;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        var namespace = named.namespace();
        var name = named.name();
        try (var client = Client.connect()) {
            var api = Api.of(client);
            var answer = new Explainer(api, settings(api, System.getenv())).explain(namespace, name);
            spec.commandLine().getOut().println(answer);
        }
        return 0;
    }

    /** The settings of this process. What it was not given is taken from the CronJob of the release. */
    private Settings settings(Api api, Map<String, String> environment) {
        var told = new HashMap<>(environment);
        if (operatorNamespace != null) told.put(Parameter.NAMESPACE.variable(), operatorNamespace);
        if (release != null) told.put(Parameter.RELEASE.variable(), release);
        var own = Settings.from(told);
        try {
            new CronJobs(api).environment(own.namespace(), own.cronJob()).forEach(told::putIfAbsent);
        } catch (ApiException e) {
            // Without the right to read the CronJob the defaults apply, and the answer says what could not be read.
            if (!e.isForbidden()) throw e;
        }
        return Settings.from(told);
    }
}
