package io.syncjobs.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;

/** The API server's record of every write: who wrote what. */
public final class AuditLog {
    private final Cluster cluster;
    private final Path file;

    AuditLog(Cluster cluster, Path file) {
        this.cluster = cluster;
        this.file = file;
    }

    /** One answered write; {@code resource} is for example {@code syncjobs/status}. */
    public record Write(String user, String verb, String resource, String name, int code) {
        /** Verb and resource, for example {@code patch syncjobs/status}. */
        public String what() {
            return verb + " " + resource;
        }

        public boolean succeeded() {
            return code < 400;
        }
    }

    /** All writes in a namespace so far, in their order. */
    public List<Write> writes(TestNamespace namespace) {
        flush(namespace.name());
        var words = "\"namespace\":\"" + namespace.name() + "\"";
        try (var lines = Files.lines(file)) {
            return lines.filter(line -> line.contains(words))
                    .map(Json::read)
                    .filter(event -> event.path("stage").asText().equals("ResponseComplete"))
                    .filter(event -> !event.path("requestURI").asText().contains("dryRun=All"))
                    .map(AuditLog::write)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Those of one user. */
    public List<Write> writes(TestNamespace namespace, String user) {
        return writes(namespace).stream()
                .filter(write -> write.user().equals(user))
                .toList();
    }

    private static Write write(JsonNode event) {
        var object = event.path("objectRef");
        var part = object.path("subresource").asText("");
        return new Write(
                event.path("user").path("username").asText(),
                event.path("verb").asText(),
                object.path("resource").asText() + (part.isEmpty() ? "" : "/" + part),
                object.path("name").asText(""),
                event.path("responseStatus").path("code").asInt());
    }

    /** The log is written in batches: what is in it before a mark is complete when the mark is in it. */
    private void flush(String namespace) {
        var mark = "mark-" + UUID.randomUUID();
        cluster.client()
                .resource(new ConfigMapBuilder()
                        .withNewMetadata()
                        .withName(mark)
                        .withNamespace(namespace)
                        .endMetadata()
                        .build())
                .create();
        Waiting.until("the audit log reaches " + mark, () -> contains(mark), () -> "the log is " + file);
    }

    private boolean contains(String mark) {
        try (var lines = Files.lines(file)) {
            return lines.anyMatch(line -> line.contains(mark));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
