package io.syncjobs.cli;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.syncjobs.kube.ApiException;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line of the product: one subcommand for each process that ships. */
@Command(
        name = "syncjobs",
        mixinStandardHelpOptions = true,
        version = "syncjobs 0.1.0",
        description = "A job queue for Kubernetes, made for synchronisation work.",
        subcommands = {
            OperatorCommand.class,
            AgentCommand.class,
            EnqueueCommand.class,
            ExplainCommand.class,
            AwaitCommand.class,
            CrdsCommand.class
        })
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    static CommandLine commandLine() {
        return new CommandLine(new Main()).setExecutionExceptionHandler((failure, line, result) -> {
            // A user's mistake is answered with a sentence; only our own mistakes get a stack trace.
            if (!(failure instanceof ApiException || failure instanceof IllegalArgumentException || isAnswer(failure)))
                throw failure;
            line.getErr().println("syncjobs: " + failure.getMessage());
            return line.getCommandSpec().exitCodeOnExecutionException();
        });
    }

    /** True if the API server itself refused, for example because the account may not list the jobs of a namespace. */
    private static boolean isAnswer(Exception failure) {
        return failure instanceof KubernetesClientException refused && refused.getCode() >= 400;
    }
}
