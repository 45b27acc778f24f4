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
        description =
                "Installs or updates the CustomResourceDefinitions of this version; existing objects stay, and so do definitions of a newer version.")
final class CrdsCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        try (var client = Client.connect()) {
            for (var definition : new Definitions(client).apply()) {
                var done = definition
                        .newer()
                        .map(version -> "left alone " + definition.name() + ": it is of version " + version
                                + ", which is newer than this one")
                        .orElseGet(() -> "applied " + definition.name());
                spec.commandLine().getOut().println(done);
            }
        }
        return 0;
    }
}
