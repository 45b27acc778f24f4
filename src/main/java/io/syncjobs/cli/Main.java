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
            if (!(failure instanceof ApiException
                    || failure instanceof IllegalArgumentException
                    || failure instanceof KubernetesClientException)) throw failure;
            line.getErr().println("syncjobs: " + words(failure));
            return line.getCommandSpec().exitCodeOnExecutionException();
        });
    }

    /**
     * What failed, and why: the client says of an API server that it cannot reach, and of a kubeconfig that it cannot use, only in a
     * cause what is wrong with it.
     */
    private static String words(Throwable failure) {
        var cause = failure;
        while (cause.getCause() != null) cause = cause.getCause();
        var message = String.valueOf(failure.getMessage());
        var why = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        return message.contains(why) ? message : message + ": " + why;
    }
}
