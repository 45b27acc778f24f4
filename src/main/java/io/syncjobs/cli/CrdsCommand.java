package io.syncjobs.cli;

import io.syncjobs.kube.Client;
import io.syncjobs.kube.Definitions;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Installs or updates the CustomResourceDefinitions. */
@Command(
        name = "crds",
        mixinStandardHelpOptions = true,
        description = "Installs or updates the CustomResourceDefinitions of this version; existing objects stay.")
final class CrdsCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        try (var client = Client.connect()) {
            for (var name : new Definitions(client).apply()) {
                spec.commandLine().getOut().println("applied " + name);
            }
        }
        return 0;
    }
}
