package io.syncjobs.core.blame;

import static io.syncjobs.api.Reason.COMPLETED;
import static io.syncjobs.api.Reason.HANDLER_NOT_READY;
import static io.syncjobs.api.Reason.JOB_FAILED;
import static io.syncjobs.api.Reason.RETRY_BACKOFF;
import static io.syncjobs.api.Reason.WORKER_DIED;
import static io.syncjobs.core.blame.Course.FAIL;
import static io.syncjobs.core.blame.Course.RETRY;
import static io.syncjobs.core.blame.Course.RUN_AGAIN;
import static io.syncjobs.core.blame.Course.RUN_AGAIN_COUNTED;
import static io.syncjobs.core.blame.Course.SUCCEED;
import static io.syncjobs.core.blame.Party.ACTION;
import static io.syncjobs.core.blame.Party.NOBODY;
import static io.syncjobs.core.blame.Party.TEMPLATE;
import static io.syncjobs.core.blame.Row.row;
import static io.syncjobs.core.blame.Source.HANDLER;

import java.util.List;

/** The answer of a warm worker's handler, or what happened to a request without an answer. */
final class HandlerRows {
    static final List<Row> ROWS = List.of(
            row("http-partial", HANDLER, "HTTP 207")
                    .is(
                            ACTION,
                            FAIL,
                            JOB_FAILED,
                            "Answer 200 where all of the work is done, and an error where it is not: 207 is kept for a later version."),
            row("http-success", HANDLER, "HTTP 2*").is(ACTION, SUCCEED, COMPLETED),
            row("http-retry", HANDLER, "HTTP 429", "HTTP 503").is(ACTION, RETRY, RETRY_BACKOFF),
            row("http-redirect", HANDLER, "HTTP 3*")
                    .is(
                            TEMPLATE,
                            FAIL,
                            JOB_FAILED,
                            "No redirect is followed, since a request must not be sent twice: set spec.handler.path of SyncWorkerPool {pool} to the path that the handler really serves, often the same with or without a slash at its end."),
            row("http-informational", HANDLER, "HTTP 1*")
                    .is(
                            TEMPLATE,
                            FAIL,
                            JOB_FAILED,
                            "A handler must speak plain HTTP/1.1 and answer with 2xx, 4xx or 5xx: see what listens on port {port} of container {container}."),
            row("http-no-route", HANDLER, "HTTP 404", "HTTP 405")
                    .is(
                            ACTION,
                            FAIL,
                            JOB_FAILED,
                            "If it was the handler's router that said so: it must take POST at {path}, which is spec.handler.path of SyncWorkerPool {pool}."),
            row("http-media-type", HANDLER, "HTTP 415")
                    .is(
                            ACTION,
                            FAIL,
                            JOB_FAILED,
                            "The body is the job's payload as application/json: let the handler take that at {path}."),
            row("http-no-access", HANDLER, "HTTP 401", "HTTP 403")
                    .is(
                            ACTION,
                            FAIL,
                            JOB_FAILED,
                            "If it was the handler itself that said so: the agent sends no credentials, and reaches it from within its pod alone, so let {path} be open to 127.0.0.1."),
            row("handler-no-http", HANDLER, "NotHttp")
                    .is(
                            TEMPLATE,
                            FAIL,
                            JOB_FAILED,
                            "Something listens on port {port} of container {container} that does not speak HTTP/1.1 without TLS: correct spec.handler.port of SyncWorkerPool {pool}, or the handler."),
            row("handler-broken", HANDLER, "Broken")
                    .is(
                            NOBODY,
                            RUN_AGAIN_COUNTED,
                            WORKER_DIED,
                            "The handler closed the connection without a whole answer: see kubectl logs -n {namespace} {pod} -c {container}, with --previous if it was restarted, its memory limit, and what the job does just before."),
            row("handler-ended", HANDLER, "Draining")
                    .is(
                            NOBODY,
                            RUN_AGAIN,
                            WORKER_DIED,
                            "If this happens often, see kubectl describe pod -n {namespace} {pod}: if a livenessProbe of container {container} fails, let it not depend on running jobs; otherwise set terminationGracePeriodSeconds in {template} to the time that a job takes."),
            row("handler-restarted-again", HANDLER, "DrainingAgain")
                    .is(
                            NOBODY,
                            RUN_AGAIN_COUNTED,
                            WORKER_DIED,
                            "See kubectl describe pod -n {namespace} {pod} for the probe of container {container} that fails. A livenessProbe must not depend on running jobs; where a job hangs, spec.timeoutSeconds ends it."),
            row("agent-restarted", HANDLER, "AgentRestarted")
                    .is(
                            NOBODY,
                            RUN_AGAIN,
                            WORKER_DIED,
                            "See kubectl logs -n {namespace} {pod} -c syncjobs-agent --previous for why the agent ended."),
            row("agent-cut-off", HANDLER, "CutOff")
                    .is(
                            NOBODY,
                            RUN_AGAIN,
                            WORKER_DIED,
                            "Look at the network between pod {pod} and the API server, and at the API server."),
            row("handler-not-ready", HANDLER, "NotReady")
                    .is(
                            NOBODY,
                            RUN_AGAIN,
                            HANDLER_NOT_READY,
                            "See why container {container} does not answer on port {port}: kubectl logs -n {namespace} {pod} -c {container}; is the port the one of spec.handler.port of SyncWorkerPool {pool}, and open to 127.0.0.1?"),
            row("http-failure", HANDLER).is(ACTION, FAIL, JOB_FAILED));

    private HandlerRows() {}
}
