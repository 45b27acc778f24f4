package io.syncjobs.cli;

import io.syncjobs.core.settings.Settings;
import io.syncjobs.operator.OperatorProcess;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Runs the operator. */
@Command(
        name = "operator",
        mixinStandardHelpOptions = true,
        description = "Runs the operator; it is set by SYNCJOBS_ environment variables, see the chart.")
final class OperatorCommand implements Callable<Integer> {
    @Override
    public Integer call() throws Exception {
        var settings = Settings.from(System.getenv());
        new OperatorProcess(settings).run();
        return 0;
    }
}
