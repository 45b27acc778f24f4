package io.syncjobs.cli;

import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The arguments that name a job. */
final class JobArguments {
    @Parameters(paramLabel = "JOB", description = "Name of the SyncJob.")
    String job;

    /** The job's name alone: what {@code kubectl get -o name} prints has the kind before it. */
    String name() {
        return job.replaceFirst("^(syncjobs?(\\.syncjobs\\.io)?|sj)/", "");
    }

    @Option(
            names = {"-n", "--namespace"},
            paramLabel = "NAMESPACE",
            description = "Its namespace (default: ${DEFAULT-VALUE}).",
            defaultValue = "default")
    String namespace;
}
