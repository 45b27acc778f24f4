package io.syncjobs.core.queue;

import static java.util.Objects.requireNonNullElse;

import io.syncjobs.api.Reason;
import io.syncjobs.api.SyncJob;
import io.syncjobs.core.JobFields;
import io.syncjobs.core.Text;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Why a job waits. The text of each reason is here and nowhere else, so the operator, the minute run and {@code syncjobs explain}
 * say the same.
 *
 * @param facts the details at this moment; empty if the job's status has its own message for this reason, which is kept
 * @param remedies what a person can do about it
 */
public record Wait(Reason reason, String facts, List<Remedy> remedies) {
    Wait(Reason reason, String facts, Remedy... remedies) {
        this(reason, facts, List.of(remedies));
    }

    /** Its queue does not exist. */
    public static Wait queueNotFound(String queue) {
        return new Wait(
                Reason.QUEUE_NOT_FOUND,
                "there is no SyncQueue " + queue + " in this namespace",
                new Remedy.CreateQueue(queue));
    }

    /** It has a template of its own, and this installation does not run such templates. */
    public static Wait templateForbidden() {
        return new Wait(
                Reason.INVALID_TEMPLATE,
                "the job has a template of its own, which this installation does not run (chart value jobs.allowTemplate)",
                new Remedy.DropTemplate());
    }

    /** Neither the job nor its queue has a template. */
    public static Wait templateMissing(String queue) {
        return new Wait(
                Reason.INVALID_TEMPLATE,
                "nothing says how to run it: neither the job nor its queue " + queue + " has spec.template",
                new Remedy.SetTemplate(queue));
    }

    /** Its eta has not come. */
    public static Wait eta(Instant due) {
        return new Wait(Reason.ETA_IN_FUTURE, "spec.eta is " + due, new Remedy.RunNow());
    }

    /** It waits for a retry; {@code told} is the reason in its status. The status of a job that failed says how it failed. */
    public static Wait retry(Instant due, @Nullable String told) {
        var facts = Reason.RETRY_BACKOFF.toString().equals(told) ? "" : "retry not before " + due;
        return new Wait(Reason.RETRY_BACKOFF, facts, new Remedy.RunNow());
    }

    /** Its queue is paused. */
    public static Wait paused(String namespace, String queue) {
        return new Wait(Reason.QUEUE_PAUSED, "queue " + queue + " is paused", new Remedy.Resume(namespace, queue));
    }

    /**
     * Its queue has no place for it.
     *
     * @param occupied how many places are taken
     * @param ahead how many jobs get a place before this one
     */
    public static Wait capacity(String queue, int occupied, int capacity, int ahead, HeldPlaces held) {
        var turn = switch (ahead) {
            case 0 -> "; this job is the next";
            case 1 -> "; 1 job is before this one";
            default -> "; " + ahead + " jobs are before this one";
        };
        var promised = occupied < capacity ? "; what is free goes to jobs before this one" : "";
        return new Wait(
                Reason.QUEUE_AT_CAPACITY, full(queue, occupied, capacity, held, capacity == 0 ? "" : promised + turn));
    }

    /** That a queue has no place, as its own status says it. */
    public static String full(String queue, int occupied, int capacity, HeldPlaces held) {
        return full(queue, occupied, capacity, held, "");
    }

    private static String full(String queue, int occupied, int capacity, HeldPlaces held, String turn) {
        var words = held.words();
        return "queue " + queue + " runs " + occupied + " of at most " + capacity + " (spec.capacity"
                + (capacity == 0 ? " is 0, which lets nothing start; raise it)" : ")") + turn
                + (words.isEmpty() ? "" : "; " + words);
    }

    /** True if the message in the job's status is kept, because it cannot be computed again. */
    public boolean stands() {
        return facts.isEmpty();
    }

    /** The message for the job's status: the one that is there if the message cannot be computed again. */
    public String messageFor(SyncJob job) {
        return stands() ? requireNonNullElse(JobFields.statusOf(job).message(), "") : text();
    }

    /** The whole message. If it is too long for a status, the facts are cut, and what to do stays whole. */
    public String text() {
        var remedy = remedies.stream().map(each -> "; " + each.text()).collect(Collectors.joining());
        return Text.message(Text.leavingRoom(facts, remedy.length()) + remedy);
    }
}
