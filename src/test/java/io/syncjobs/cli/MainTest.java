package io.syncjobs.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.ConnectException;
import org.junit.jupiter.api.Test;

class MainTest {
    private final StringWriter err = new StringWriter();

    @Test
    void ofAnApiServerThatDoesNotAnswerASentenceSaysWhy() throws Exception {
        var failure = new KubernetesClientException(
                "Operation: [get] for kind: [SyncJob] failed.",
                new IOException("Connection refused", new ConnectException("Connection refused: api/10.0.0.1:443")));

        assertThat(handled(failure)).isEqualTo(1);

        assertThat(err.toString())
                .isEqualToIgnoringNewLines("syncjobs: Operation: [get] for kind: [SyncJob] failed.:"
                        + " Connection refused: api/10.0.0.1:443");
    }

    @Test
    void onlyAMistakeOfTheProductItselfHasATrace() {
        assertThatThrownBy(() -> handled(new IllegalStateException("a mistake")))
                .hasMessage("a mistake");
    }

    private int handled(Exception failure) throws Exception {
        var line = Main.commandLine().setErr(new PrintWriter(err, true));
        var parsed = line.parseArgs("explain", "a");
        return line.getExecutionExceptionHandler().handleExecutionException(failure, line, parsed);
    }
}
