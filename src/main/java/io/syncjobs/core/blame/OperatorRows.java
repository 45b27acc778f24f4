package io.syncjobs.core.blame;

import static io.syncjobs.api.Reason.DEADLINE_EXCEEDED;
import static io.syncjobs.api.Reason.PAYLOAD_TOO_LARGE;
import static io.syncjobs.api.Reason.POD_REFUSED;
import static io.syncjobs.api.Reason.RETRIES_EXHAUSTED;
import static io.syncjobs.api.Reason.WORKER_DIED;
import static io.syncjobs.core.blame.Course.FAIL;
import static io.syncjobs.core.blame.Course.MAKE_AGAIN;
import static io.syncjobs.core.blame.Course.RUN_AGAIN;
import static io.syncjobs.core.blame.Course.RUN_AGAIN_COUNTED;
import static io.syncjobs.core.blame.Party.ACTION;
import static io.syncjobs.core.blame.Party.NOBODY;
import static io.syncjobs.core.blame.Party.NODE;
import static io.syncjobs.core.blame.Row.row;
import static io.syncjobs.core.blame.Source.OPERATOR;

import java.util.List;

/** Problems that nobody reports, and that the operator itself finds. */
final class OperatorRows {
    static final List<Row> ROWS = List.of(
            row("timeout", OPERATOR, "DeadlineExceeded")
                    .is(
                            ACTION,
                            FAIL,
                            DEADLINE_EXCEEDED,
                            "See in the trace where the time went. Raise spec.timeoutSeconds if the work really takes longer."),
            row("payload", OPERATOR, "PayloadTooLarge")
                    .is(
                            ACTION,
                            FAIL,
                            PAYLOAD_TOO_LARGE,
                            "Store the data elsewhere (object storage, the ERP itself) and put its address or id into the payload of a new job."),
            row("retries-used-up", OPERATOR, "RetriesExhausted")
                    .is(
                            ACTION,
                            FAIL,
                            RETRIES_EXHAUSTED,
                            "See the trace and status.history for what failed each time, and mend it."),
            row("silent-worker", OPERATOR, "NodeSilent")
                    .where(Fact.BEGUN)
                    .is(
                            NOBODY,
                            RUN_AGAIN_COUNTED,
                            WORKER_DIED,
                            "Look at node {node}, and at what the job does to its memory and disk just before."),
            row("silent-before-start", OPERATOR, "NodeSilent")
                    .is(NODE, RUN_AGAIN, POD_REFUSED, "Look at node {node}: it tells nothing of its pods."),
            row("pod-gone", OPERATOR, "PodGone")
                    .where(Fact.BEGUN)
                    .is(
                            NOBODY,
                            RUN_AGAIN_COUNTED,
                            WORKER_DIED,
                            "The worker went away without a result: look at memory and disk of its node, at who deletes pods in namespace {namespace}, and at what the job does just before."),
            row("pod-gone-before-start", OPERATOR)
                    .is(NOBODY, MAKE_AGAIN, POD_REFUSED, "See who deletes pods in namespace {namespace}."));

    private OperatorRows() {}
}
