package io.syncjobs.kube;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import io.syncjobs.kube.MetadataLists.Item;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A page of a list of metadata, as the API server sends it in protobuf. To skip what is not needed, such as managedFields, costs
 * nothing there: JSON takes some ten times as long.
 *
 * @param items the objects
 * @param next the token of the next page; empty in the last one
 */
record MetadataPage(List<Item> items, String next) {
    /** What each answer in protobuf begins with; a message {@code Unknown} follows. */
    private static final byte[] MAGIC = {'k', '8', 's', 0};

    // The numbers of fields in k8s.io/apimachinery: runtime.Unknown, PartialObjectMetadataList, ListMeta, ObjectMeta.
    private static final int RAW = 2;
    private static final int LIST_METADATA = 1;
    private static final int LIST_ITEMS = 2;
    private static final int CONTINUE = 3;
    private static final int ITEM_METADATA = 1;
    private static final int NAME = 1;
    private static final int NAMESPACE = 3;
    private static final int UID = 5;
    private static final int VERSION = 6;

    /** Takes a field with this number, or leaves it alone. */
    private interface Field {
        void read(int number) throws IOException;
    }

    static MetadataPage read(byte[] answer) {
        try {
            return new Reader(answer).page();
        } catch (IOException | NumberFormatException e) {
            throw new ApiException("the API server's list cannot be read: " + e.getMessage(), e);
        }
    }

    private static final class Reader {
        private final CodedInputStream in;
        private final List<Item> items = new ArrayList<>();
        private boolean isWhole;
        private String next = "";
        private String namespace = "";
        private String name = "";
        private String uid = "";
        private long version;

        Reader(byte[] answer) throws IOException {
            if (answer.length < MAGIC.length || !Arrays.equals(answer, 0, MAGIC.length, MAGIC, 0, MAGIC.length))
                throw new IOException("it is not protobuf");
            in = CodedInputStream.newInstance(answer, MAGIC.length, answer.length - MAGIC.length);
        }

        MetadataPage page() throws IOException {
            fields(part -> {
                if (part != RAW) return;
                message(this::list);
                isWhole = true;
            });
            if (!isWhole) throw new IOException("it has no list");
            return new MetadataPage(items, next);
        }

        private void list(int field) throws IOException {
            if (field == LIST_METADATA) {
                message(number -> {
                    if (number == CONTINUE) next = in.readString();
                });
            } else if (field == LIST_ITEMS) {
                namespace = name = uid = "";
                version = 0;
                message(number -> {
                    if (number == ITEM_METADATA) message(this::metadata);
                });
                items.add(new Item(namespace, name, uid, version));
            }
        }

        private void metadata(int field) throws IOException {
            switch (field) {
                case NAME -> name = in.readString();
                case NAMESPACE -> namespace = in.readString();
                case UID -> uid = in.readString();
                case VERSION -> version = Long.parseLong(in.readString());
                default -> {}
            }
        }

        /** Reads a field that is a message of its own. */
        private void message(Field reader) throws IOException {
            var end = in.pushLimit(in.readRawVarint32());
            fields(reader);
            in.popLimit(end);
        }

        /** Reads all fields up to the end of the message; those that {@code reader} leaves alone are skipped. */
        private void fields(Field reader) throws IOException {
            for (var tag = in.readTag(); tag != 0; tag = in.readTag()) {
                var before = in.getTotalBytesRead();
                if (WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED)
                    reader.read(WireFormat.getTagFieldNumber(tag));
                if (in.getTotalBytesRead() == before) in.skipField(tag);
            }
        }
    }
}
