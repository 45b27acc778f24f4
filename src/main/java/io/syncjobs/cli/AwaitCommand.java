package io.syncjobs.cli;

import io.fabric8.kubernetes.client.KubernetesClientTimeoutException;
import io.syncjobs.api.State;
import io.syncjobs.api.SyncJob;
import io.syncjobs.core.JobFields;
import io.syncjobs.kube.Client;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Waits until one job has ended; the chart's own test is such a job. */
@Command(
        name = "await",
        mixinStandardHelpOptions = true,
        description = "Waits until a job has ended and says how; it succeeds where the job is Done.")
final class AwaitCommand implements Callable<Integer> {
    @Mixin
    private final JobArguments named = new JobArguments();

    @Option(
            names = "--seconds",
            paramLabel = "SECONDS",
            description = "How long to wait (default: ${DEFAULT-VALUE}).",
            defaultValue = "300")
    private int seconds;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        var namespace = named.namespace();
        var name = named.name();
        if (seconds < 1) throw new IllegalArgumentException("--seconds is " + seconds + " but must be at least 1");
        try (var client = Client.connect()) {
            var resource =
                    client.resources(SyncJob.class).inNamespace(namespace).withName(name);
            @Nullable SyncJob last;
            try {
                last = resource.waitUntilCondition(AwaitCommand::ended, seconds, TimeUnit.SECONDS);
            } catch (KubernetesClientTimeoutException e) {
                last = resource.get();
            }
            spec.commandLine().getOut().println(told(last));
            return last != null && JobFields.statusOf(last).state() == State.DONE ? 0 : 1;
        }
    }

    private static boolean ended(@Nullable SyncJob job) {
        return job != null && JobFields.statusOf(job).state().finished();
    }

    private String told(@Nullable SyncJob seen) {
        if (seen == null) return "There is no SyncJob " + named.name() + " in namespace " + named.namespace() + ".";
        var status = JobFields.statusOf(seen);
        return status.state() + ", " + Objects.requireNonNullElse(status.reason(), "no reason yet") + ": "
                + Objects.requireNonNullElse(status.message(), "no message yet; does an operator run?");
    }
}
