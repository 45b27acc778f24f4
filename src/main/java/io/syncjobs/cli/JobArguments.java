package io.syncjobs.cli;

import io.syncjobs.core.ObjectName;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The arguments that name a job. */
final class JobArguments {
    @Parameters(paramLabel = "JOB", description = "Name of the SyncJob.")
    String job;

    @Option(
            names = {"-n", "--namespace"},
            paramLabel = "NAMESPACE",
            description = "Its namespace (default: ${DEFAULT-VALUE}).",
            defaultValue = "default")
    String namespace;

    /**
     * The job's name alone: what {@code kubectl get -o name} prints has the kind before it.
     *
     * @throws IllegalArgumentException if no SyncJob can have such a name
     */
    String name() {
        return named("JOB", job.replaceFirst("^(syncjobs?(\\.syncjobs\\.io)?|sj)/", ""));
    }

    /**
     * Its namespace.
     *
     * @throws IllegalArgumentException if none can have such a name
     */
    String namespace() {
        return named("--namespace", namespace);
    }

    private static String named(String argument, String name) {
        if (ObjectName.isName(name)) return name;
        throw new IllegalArgumentException(argument + " is \"" + name + "\" but must be a name of " + ObjectName.FORM
                + ", as kubectl get syncjobs -A shows them");
    }
}
