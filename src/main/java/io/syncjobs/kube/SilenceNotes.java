package io.syncjobs.kube;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import io.syncjobs.api.Names;
import io.syncjobs.core.index.SilenceNote;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.OffsetDateTime;

/**
 * A worker's watch of its own Lease. An operator that has not seen the worker renew it yet notes this on the Lease. So a worker
 * that lives need not wait for its heartbeat to show that.
 */
public final class SilenceNotes {
    private final EventLines events;
    private final String path;

    public SilenceNotes(StreamApi api, Ticker ticker, String namespace, String worker) {
        events = new EventLines(api, ticker);
        // From whatever version the API server has at hand: the Lease itself comes first.
        path = Paths.leases(namespace) + "?fieldSelector=" + Pages.encoded("metadata.name=" + worker)
                + "&resourceVersion=0&" + EventLines.QUERY;
    }

    /**
     * Calls {@code silent} for each note that no renewal has answered, until the watch ends.
     *
     * @throws ApiException if the API server refuses or does not answer
     */
    public void follow(Runnable silent) {
        events.begin();
        events.follow(path, (type, object) -> {
            if (isUnanswered(object) && !type.equals("DELETED")) silent.run();
        });
    }

    /** Ends the watch, also one that is just beginning. */
    public void again() {
        events.again();
    }

    /** Ends a watch that has been silent for too long. A connection that leads nowhere is not noticed otherwise. */
    public void endWhereSilent() {
        events.endWhereSilent();
    }

    /** True if the Lease was not renewed since the note was written. */
    static boolean isUnanswered(JsonParser object) throws IOException {
        JsonNode lease = Json.mapper().readTree(object);
        var note = SilenceNote.parse(
                lease.path("metadata").path("annotations").path(Names.SEEN).asText(""));
        try {
            return OffsetDateTime.parse(note.renewed())
                    .isEqual(OffsetDateTime.parse(lease.at("/spec/renewTime").asText("")));
        } catch (DateTimeException e) {
            return false;
        }
    }
}
