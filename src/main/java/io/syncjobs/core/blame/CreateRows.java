package io.syncjobs.core.blame;

import static io.syncjobs.api.Reason.INVALID_TEMPLATE;
import static io.syncjobs.api.Reason.POD_NAME_TAKEN;
import static io.syncjobs.api.Reason.POD_NOT_CREATED;
import static io.syncjobs.api.Reason.POD_SECURITY_FORBIDDEN;
import static io.syncjobs.api.Reason.QUOTA_EXCEEDED;
import static io.syncjobs.core.blame.Course.MAKE_AGAIN;
import static io.syncjobs.core.blame.Party.CLUSTER;
import static io.syncjobs.core.blame.Party.NAMESPACE;
import static io.syncjobs.core.blame.Party.NOBODY;
import static io.syncjobs.core.blame.Party.TEMPLATE;
import static io.syncjobs.core.blame.Row.row;
import static io.syncjobs.core.blame.Source.CREATE;

import java.util.List;

/** Why the API server does not create a pod: its validation, its own admission plugins, or trouble of its own. Follows {@link AdmissionRows}. */
final class CreateRows {
    static final List<Row> ROWS = List.of(
            row("template-unreadable", CREATE, "Template")
                    .is(TEMPLATE, MAKE_AGAIN, INVALID_TEMPLATE, "Mend {template}: the message names the field."),
            row("name-taken", CREATE, "AlreadyExists")
                    .naming("taken", "is named ", "")
                    .is(
                            NAMESPACE,
                            MAKE_AGAIN,
                            POD_NAME_TAKEN,
                            "Delete pod {taken|of that name} in namespace {namespace}, or find out who makes it: the name is this job's."),
            row("quota-without-limits", CREATE, "403")
                    .saying("failed quota")
                    .naming("quota", "failed quota: ", ":")
                    .is(
                            TEMPLATE,
                            MAKE_AGAIN,
                            QUOTA_EXCEEDED,
                            "ResourceQuota {quota} in namespace {namespace} demands resources that the pod does not state: set resources.requests and resources.limits in {template}, or give the namespace a LimitRange with defaults."),
            row("quota-used-up", CREATE, "403")
                    .saying("exceeded quota")
                    .naming("quota", "exceeded quota: ", ",")
                    .is(
                            NAMESPACE,
                            MAKE_AGAIN,
                            QUOTA_EXCEEDED,
                            "Raise ResourceQuota {quota} in namespace {namespace}, wait for other pods to end, or lower resources in {template} or the queue's capacity."),
            row("quota-new", CREATE, "403")
                    .saying("status unknown for quota")
                    .naming("quota", "for quota: ", ",")
                    .is(
                            NOBODY,
                            MAKE_AGAIN,
                            POD_NOT_CREATED,
                            "ResourceQuota {quota} in namespace {namespace} is new, and the cluster has not counted yet what it covers; that passes. If it stays so, look at kube-controller-manager."),
            row("quota-missing", CREATE, "403")
                    .saying("insufficient quota")
                    .is(
                            NAMESPACE,
                            MAKE_AGAIN,
                            QUOTA_EXCEEDED,
                            "Namespace {namespace} has no ResourceQuota that covers such a pod: create one, or mend priorityClassName and resources in {template}."),
            row("quota-busy", CREATE)
                    .saying("resource quota evaluation timed out")
                    .is(
                            CLUSTER,
                            MAKE_AGAIN,
                            POD_NOT_CREATED,
                            "The API server is busy with the quotas of the namespace."),
            row("requests-over-limits", CREATE, "422")
                    .saying("requests: invalid value … must be less than or equal to")
                    .is(
                            TEMPLATE,
                            MAKE_AGAIN,
                            INVALID_TEMPLATE,
                            "A container requests more than its limit, which a LimitRange of namespace {namespace} may have set: set both resources.requests and resources.limits in {template}."),
            row("limit-range", CREATE, "403")
                    .saying(" usage per ", "limit to request ratio")
                    .is(
                            TEMPLATE,
                            MAKE_AGAIN,
                            INVALID_TEMPLATE,
                            "A LimitRange in namespace {namespace} (kubectl describe limitrange -n {namespace}) allows no such resources: mend resources in {template}, or the LimitRange."),
            row("pod-security", CREATE, "403")
                    .saying("violates podsecurity", "security context constraint", "podsecuritypolicy")
                    .is(
                            TEMPLATE,
                            MAKE_AGAIN,
                            POD_SECURITY_FORBIDDEN,
                            "Mend {template}, so that it satisfies the pod security profile that namespace {namespace} enforces; the message lists what it lacks."),
            row("namespace-terminating", CREATE)
                    .saying("is being terminated")
                    .over()
                    .is(
                            NAMESPACE,
                            MAKE_AGAIN,
                            POD_NOT_CREATED,
                            "Namespace {namespace} is being deleted, with all that is in it."),
            row("namespace-missing", CREATE, "404")
                    .saying("namespaces \"")
                    .over()
                    .is(NAMESPACE, MAKE_AGAIN, POD_NOT_CREATED, "Namespace {namespace} is gone."),
            row("operator-rights", CREATE, "403")
                    .saying("cannot create resource", "cannot create pods", "cannot set blockownerdeletion")
                    .is(
                            CLUSTER,
                            MAKE_AGAIN,
                            POD_NOT_CREATED,
                            "The operator may not create pods in namespace {namespace}: helm upgrade brings its Role or ClusterRole back."),
            row("operator-login", CREATE, "401")
                    .is(
                            CLUSTER,
                            MAKE_AGAIN,
                            POD_NOT_CREATED,
                            "The API server does not know the operator's ServiceAccount any more: helm upgrade brings it back."),
            row("secret-not-of-account", CREATE, "403")
                    .saying("because service account … does not reference that")
                    .naming("account", "service account ", " does")
                    .is(
                            TEMPLATE,
                            MAKE_AGAIN,
                            INVALID_TEMPLATE,
                            "ServiceAccount {account} lets its pods use only the Secrets that it names: leave the one in the message out of {template}, or add it to secrets or imagePullSecrets of ServiceAccount {account} in namespace {namespace}."),
            row("service-account", CREATE, "403")
                    .saying("serviceaccount \"", "service account")
                    .naming("account", "serviceaccount \"", "\"")
                    .is(
                            NAMESPACE,
                            MAKE_AGAIN,
                            INVALID_TEMPLATE,
                            "Create ServiceAccount {account|of that name} in namespace {namespace}, or name another one in {template}."),
            row("account-token", CREATE)
                    .saying("retry after the token is automatically created")
                    .is(
                            NOBODY,
                            MAKE_AGAIN,
                            POD_NOT_CREATED,
                            "The ServiceAccount of the pod is new and has no token yet; that passes."),
            row("priority-number", CREATE, "403")
                    .saying("must not be provided in pod spec")
                    .is(
                            TEMPLATE,
                            MAKE_AGAIN,
                            INVALID_TEMPLATE,
                            "Leave priority and preemptionPolicy out of {template}: the cluster sets what belongs to priorityClassName."),
            row("namespace-nodes", CREATE, "403")
                    .saying("node label selector", "conflict with its namespace", "namespace whitelist")
                    .is(
                            TEMPLATE,
                            MAKE_AGAIN,
                            INVALID_TEMPLATE,
                            "Namespace {namespace} says in its annotations on which nodes its pods run: mend nodeSelector and tolerations in {template} to fit them."),
            row("priority-class", CREATE, "403")
                    .saying("no priorityclass with name")
                    .naming("class", "PriorityClass with name ", " was")
                    .is(
                            CLUSTER,
                            MAKE_AGAIN,
                            INVALID_TEMPLATE,
                            "Create PriorityClass {class}, or name another one in {template}."),
            row("runtime-class-conflict", CREATE, "403")
                    .saying("conflict: runtimeclass", "runtimeclass's defined overhead")
                    .is(
                            TEMPLATE,
                            MAKE_AGAIN,
                            INVALID_TEMPLATE,
                            "The RuntimeClass sets nodeSelector, tolerations or overhead of the pod itself, and in another way: leave them out of {template}."),
            row("runtime-class", CREATE, "403")
                    .saying("runtimeclass")
                    .naming("class", "RuntimeClass \"", "\"")
                    .is(
                            CLUSTER,
                            MAKE_AGAIN,
                            INVALID_TEMPLATE,
                            "Create RuntimeClass {class|of that name}, or name another one in {template}."),
            row("conflict", CREATE, "409")
                    .is(
                            NOBODY,
                            MAKE_AGAIN,
                            POD_NOT_CREATED,
                            "The API server was changing something that the pod needs, such as a quota's status; that passes."),
            row("api-busy", CREATE, "429")
                    .is(CLUSTER, MAKE_AGAIN, POD_NOT_CREATED, "The API server has too much to do."),
            row("template-too-large", CREATE, "413", "TooLarge")
                    .is(
                            TEMPLATE,
                            MAKE_AGAIN,
                            INVALID_TEMPLATE,
                            "The pod is larger than the API server takes: make {template} smaller."),
            row("pod-too-large", CREATE)
                    .saying("message larger than max", "request is too large")
                    .is(
                            TEMPLATE,
                            MAKE_AGAIN,
                            INVALID_TEMPLATE,
                            "The pod is larger than the API server can keep: make {template} smaller."),
            row("invalid-field", CREATE, "403")
                    .saying(
                            "spec. … is forbidden",
                            "spec. … : forbidden",
                            "metadata. … : forbidden",
                            "invalid value: ",
                            "required value",
                            "unsupported value: ")
                    .is(TEMPLATE, MAKE_AGAIN, INVALID_TEMPLATE, "Mend {template}: the message names the field."),
            row("forbidden", CREATE, "403")
                    .is(
                            CLUSTER,
                            MAKE_AGAIN,
                            POD_NOT_CREATED,
                            "The API server, or an admission plugin of it, does not take the pod, and names no field that would be wrong: see in the message what it lacks, and ask who minds the cluster."),
            row("invalid", CREATE, "400", "406", "415", "422")
                    .is(TEMPLATE, MAKE_AGAIN, INVALID_TEMPLATE, "Mend {template}: the message names the field."),
            row("api-trouble", CREATE)
                    .is(
                            CLUSTER,
                            MAKE_AGAIN,
                            POD_NOT_CREATED,
                            "Look at the API server, and at its admission webhooks (kubectl get validatingwebhookconfigurations,mutatingwebhookconfigurations)."));

    private CreateRows() {}
}
