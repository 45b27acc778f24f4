package io.syncjobs.core.blame;

import static io.syncjobs.api.Reason.HANDLER_NOT_READY;
import static io.syncjobs.api.Reason.WORKER_DIED;
import static io.syncjobs.core.blame.Course.RUN_AGAIN;
import static io.syncjobs.core.blame.Course.RUN_AGAIN_COUNTED;
import static io.syncjobs.core.blame.Party.ACTION;
import static io.syncjobs.core.blame.Party.NOBODY;
import static io.syncjobs.core.blame.Party.NODE;
import static io.syncjobs.core.blame.Row.row;
import static io.syncjobs.core.blame.Source.POOL;

import java.util.List;

/** Warm workers that have a job and do not go on with it. {@link DisruptionRows} has what ends their pods from outside. */
final class PoolRows {
    static final List<Row> ROWS = List.of(
            row("worker-handler-silent", POOL, "HandlerNotReady")
                    .is(
                            ACTION,
                            RUN_AGAIN,
                            HANDLER_NOT_READY,
                            "The handler of worker {pod} does not answer: see kubectl logs -n {namespace} {pod} -c {container}."),
            row("worker-not-taking", POOL, "NotTaken")
                    .is(
                            NODE,
                            RUN_AGAIN,
                            WORKER_DIED,
                            "See what the agent of worker {pod} says: kubectl logs -n {namespace} {pod} -c syncjobs-agent."),
            row("worker-lost-before-start", POOL, "BeforeStart")
                    .is(NOBODY, RUN_AGAIN, WORKER_DIED, "Another worker gets the job, which had not begun."),
            row("worker-silent", POOL, "Silent")
                    .is(
                            NOBODY,
                            RUN_AGAIN_COUNTED,
                            WORKER_DIED,
                            "Look at node {node}, at kubectl logs -n {namespace} {pod} -c syncjobs-agent, and at what the job does to memory and processors just before."),
            row("worker-deleted", POOL, "Deleted")
                    .is(
                            NOBODY,
                            RUN_AGAIN,
                            WORKER_DIED,
                            "A worker that is scaled down or replaced gives back what it has, unless it is killed at once: see who deletes pods in namespace {namespace}, and whether terminationGracePeriodSeconds in {template} is long enough."),
            row("worker-gone", POOL)
                    .is(
                            NOBODY,
                            RUN_AGAIN_COUNTED,
                            WORKER_DIED,
                            "Look at memory and disk of node {node}, at who deletes pods in namespace {namespace}, and at what the job does just before."));

    private PoolRows() {}
}
