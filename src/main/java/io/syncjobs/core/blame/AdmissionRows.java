package io.syncjobs.core.blame;

import static io.syncjobs.api.Reason.INVALID_TEMPLATE;
import static io.syncjobs.api.Reason.POD_NOT_CREATED;
import static io.syncjobs.core.blame.Course.MAKE_AGAIN;
import static io.syncjobs.core.blame.Party.CLUSTER;
import static io.syncjobs.core.blame.Party.TEMPLATE;
import static io.syncjobs.core.blame.Row.row;
import static io.syncjobs.core.blame.Source.CREATE;

import java.util.List;

/** What admission says of a pod: webhooks, policies, and services that the API server asks. */
final class AdmissionRows {
    /** What programs say if what they ask does not answer. A policy that forbids something has no such words. */
    private static final List<String> TROUBLE = List.of(
            "dial tcp",
            "i/o timeout",
            "handshake timeout",
            "deadline exceeded",
            "connection refused",
            "connection reset",
            "no such host",
            "no route to host",
            "network is unreachable",
            "context canceled",
            "x509:",
            "http … : eof",
            "rpc error:",
            "internal server error",
            "unable to handle the request",
            "429 too many requests",
            "502 bad gateway",
            "503 service unavailable",
            "504 gateway time",
            "401 unauthorized",
            "unauthorized: authentication required",
            "etcdserver:",
            "client rate limiter",
            // The webhook has not the rights that it needs itself.
            "cannot get resource \"",
            "cannot list resource \"",
            // A webhook whose own program or template fails.
            "nil pointer",
            "runtime error:",
            "guest call failure",
            "client not ready",
            "failed to run injection template",
            "executing \" … \" at <",
            "failed to load context",
            "caches not synchronized");

    static final List<Row> ROWS = List.of(
            row("webhook-down", CREATE)
                    .saying("failed calling webhook")
                    .naming("webhook", "webhook \"", "\"")
                    .is(
                            CLUSTER,
                            MAKE_AGAIN,
                            POD_NOT_CREATED,
                            "Admission webhook {webhook} does not answer: mend its service, or its configuration (kubectl get validatingwebhookconfigurations,mutatingwebhookconfigurations)."),
            row("webhook-broken", CREATE)
                    .saying(
                            "failed to complete mutation",
                            "failed to complete validation",
                            "operation does not apply",
                            "unable to decode patch",
                            "invalid patch",
                            "attempted to modify the object")
                    .naming("webhook", "webhook \"", "\"")
                    .is(
                            CLUSTER,
                            MAKE_AGAIN,
                            POD_NOT_CREATED,
                            "Admission webhook {webhook|of the cluster} answers what the API server cannot use: mend it, or its configuration (kubectl get validatingwebhookconfigurations,mutatingwebhookconfigurations)."),
            row("images-denied", CREATE, "403")
                    .saying("image policy webhook backend denied")
                    .is(
                            TEMPLATE,
                            MAKE_AGAIN,
                            INVALID_TEMPLATE,
                            "The image policy of the cluster does not allow the images of the pod: name others in {template}, or ask who minds the policy."),
            row("admission-down", CREATE, "403")
                    .saying("forbidden: post \"http")
                    .is(
                            CLUSTER,
                            MAKE_AGAIN,
                            POD_NOT_CREATED,
                            "A service that the API server asks about each pod, such as its image policy, does not answer: mend it."),
            row("admission-not-ready", CREATE, "403")
                    .saying("not yet ready to handle request")
                    .is(CLUSTER, MAKE_AGAIN, POD_NOT_CREATED, "The API server has just started; that passes."),
            // A webhook that denies a pod answers with 403, 400 or 422.
            row("webhook-fails", CREATE, "429", "500", "502", "503", "504")
                    .saying("denied the request")
                    .naming("webhook", "webhook \"", "\"")
                    .is(
                            CLUSTER,
                            MAKE_AGAIN,
                            POD_NOT_CREATED,
                            "Admission webhook {webhook} fails itself: see its log; the message says what it lacks."),
            row("webhook-unsure", CREATE)
                    .saying(deniedFor(TROUBLE))
                    .naming("webhook", "webhook \"", "\"")
                    .is(
                            CLUSTER,
                            MAKE_AGAIN,
                            POD_NOT_CREATED,
                            "Admission webhook {webhook} cannot tell whether it allows the pod, because it fails itself, or what it asks (a registry, the API server) does not answer: the message says what."),
            row("policy-broken", CREATE)
                    .saying(
                            "denied request: failed to configure policy:",
                            "denied request: failed to configure binding:",
                            "denied request: expression … resulted in error")
                    .naming("policy", "ValidatingAdmissionPolicy '", "'")
                    .naming("policy", "policy '", "'")
                    .naming("policy", "policy \"", "\"")
                    .is(
                            CLUSTER,
                            MAKE_AGAIN,
                            POD_NOT_CREATED,
                            "Admission policy {policy|of the cluster} cannot be asked about the pod: mend its parameters or its expression, as the message says."),
            row("webhook-denies", CREATE)
                    .saying("denied the request")
                    .naming("webhook", "webhook \"", "\"")
                    .is(
                            TEMPLATE,
                            MAKE_AGAIN,
                            INVALID_TEMPLATE,
                            "Admission webhook {webhook} does not allow such a pod: mend {template} as it says, or ask who minds the webhook."),
            row("policy-denies", CREATE)
                    .saying("denied request")
                    .naming("policy", "ValidatingAdmissionPolicy '", "'")
                    .naming("policy", "policy '", "'")
                    .naming("policy", "policy \"", "\"")
                    .is(
                            TEMPLATE,
                            MAKE_AGAIN,
                            INVALID_TEMPLATE,
                            "Admission policy {policy|of the cluster} does not allow such a pod: mend {template} as it says, or ask who minds the policy."),
            row("admission-trouble", CREATE, "403")
                    .saying(TROUBLE.toArray(String[]::new))
                    .saying(
                            "at this time",
                            "the object has been modified",
                            "there was an error",
                            "error fetching namespace",
                            "unable to find annotation")
                    .is(
                            CLUSTER,
                            MAKE_AGAIN,
                            POD_NOT_CREATED,
                            "The API server cannot judge the pod now, because it or an admission plugin of it has trouble of its own: that passes, or the message says what is broken."));

    private AdmissionRows() {}

    private static String[] deniedFor(List<String> causes) {
        return causes.stream().map("denied the request … "::concat).toArray(String[]::new);
    }
}
