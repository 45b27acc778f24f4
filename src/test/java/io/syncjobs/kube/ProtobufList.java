package io.syncjobs.kube;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** A list as an API server sends it in protobuf: the metadata of its objects alone. */
public final class ProtobufList {
    private interface Fields {
        void write(CodedOutputStream out) throws IOException;
    }

    private ProtobufList() {}

    /** {@code list} is the same in JSON; the objects may be whole. */
    public static byte[] of(byte[] list) {
        var tree = Json.tree(list);
        var envelope = message(out -> {
            out.writeByteArray(1, message(type -> type.writeString(1, "meta.k8s.io/v1")));
            out.writeByteArray(2, message(inner -> list(tree, inner)));
            out.writeString(4, "");
        });
        var whole = new ByteArrayOutputStream();
        whole.writeBytes("k8s\0".getBytes(UTF_8));
        whole.writeBytes(envelope);
        return whole.toByteArray();
    }

    private static void list(JsonNode tree, CodedOutputStream out) throws IOException {
        out.writeByteArray(1, message(meta -> {
            meta.writeString(2, tree.at("/metadata/resourceVersion").asText());
            meta.writeString(3, tree.at("/metadata/continue").asText());
            meta.writeInt64(4, 7);
        }));
        for (var item : tree.path("items")) {
            var metadata = message(meta -> metadata(item.path("metadata"), meta));
            out.writeByteArray(2, message(object -> object.writeByteArray(1, metadata)));
        }
    }

    private static void metadata(JsonNode tree, CodedOutputStream out) throws IOException {
        out.writeString(1, tree.path("name").asText());
        out.writeString(3, tree.path("namespace").asText());
        out.writeString(5, tree.path("uid").asText());
        out.writeString(6, tree.path("resourceVersion").asText("0"));
        out.writeInt64(7, tree.path("generation").asLong(1));
        out.writeByteArray(8, message(time -> time.writeInt64(1, 1_772_362_800)));
        for (var annotation : tree.path("annotations").properties()) {
            out.writeByteArray(12, message(entry -> {
                entry.writeString(1, annotation.getKey());
                entry.writeString(2, annotation.getValue().asText());
            }));
        }
        // managedFields: what the list has most of.
        out.writeByteArray(17, message(entry -> entry.writeString(1, "syncjobs")));
    }

    private static byte[] message(Fields fields) {
        var bytes = new ByteArrayOutputStream();
        try {
            var out = CodedOutputStream.newInstance(bytes);
            fields.write(out);
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
