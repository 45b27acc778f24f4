package io.syncjobs.simulation;

import com.fasterxml.jackson.databind.JsonNode;
import io.syncjobs.api.Reason;
import java.time.Duration;

/** Looks at what the statuses say: a terminal can show it, and nobody blames what he has not watched. */
final class StatusJudge {
    /** So long the CronJob may go without a run that succeeds. */
    private final Duration overdue;

    StatusJudge(Duration overdue) {
        this.overdue = overdue;
    }

    /** This is written to the status of a queue. */
    void queue(SimProcess by, String queue, JsonNode status) {
        texts(queue, status);
        if (!(by instanceof SimOperator)) return;
        for (var condition : status.path("conditions")) {
            var blamed = condition.path("reason").asText().equals(Reason.SCHEDULER_NOT_RUNNING.toString());
            if (blamed && by.age().compareTo(overdue) < 0)
                throw new Judge.Broken(
                        "",
                        by.identity() + " says of queue " + queue
                                + " that the CronJob does not run, and has watched it for " + by.age());
        }
    }

    /** This is written to some status. */
    void texts(String object, JsonNode status) {
        if (status.isTextual()) hold(object, status.asText());
        status.fieldNames().forEachRemaining(name -> hold(object, name));
        status.forEach(inner -> texts(object, inner));
    }

    private static void hold(String object, String text) {
        if (text.chars().anyMatch(each -> Character.isISOControl(each) && each != '\n' && each != '\t'))
            throw new Judge.Broken(
                    object, "its status gets a control character: " + text.replaceAll("\\p{Cntrl}", "?"));
    }
}
