package io.syncjobs.api;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn.Type;
import io.fabric8.crd.generator.annotation.AdditionalSelectableField;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Singular;
import io.fabric8.kubernetes.model.annotation.Version;

/** One action to execute at least once: the spec says what to do, and the status has state, result and trace. */
@JsonClassDescription("""
        One action to execute, at least once: one order to export, one call of somebody else's API. The spec says what to do, and \
        status says what became of it and, if it is not running, why.

            apiVersion: syncjobs.io/v1alpha1
            kind: SyncJob
            metadata:
              name: export-order-1042
            spec:
              queue: magento           # a SyncQueue of the same namespace; it says how the job is run
              action: export.order     # what to do, as the worker knows it
              payload: {order: 1042}   # which record to work on: any JSON

        See it with "kubectl describe syncjob export-order-1042", and wait for it with \
        "kubectl wait --for=condition=Complete syncjob/export-order-1042". Commands are annotations: syncjobs.io/requeue=now runs a Failed \
        or Cancelled job again, syncjobs.io/set-done="why" declares it done without running it, syncjobs.io/cancel="why" withdraws it.""")
@Group(Names.GROUP)
@Version(Names.VERSION)
@Plural("syncjobs")
@Singular("syncjob")
@ShortNames("sj")
@Categories("sync")
@AdditionalPrinterColumn(name = "Queue", jsonPath = ".spec.queue", type = Type.STRING)
@AdditionalPrinterColumn(name = "Action", jsonPath = ".spec.action", type = Type.STRING)
@AdditionalPrinterColumn(name = "State", jsonPath = ".status.state", type = Type.STRING)
@AdditionalPrinterColumn(name = "Reason", jsonPath = ".status.reason", type = Type.STRING)
@AdditionalPrinterColumn(name = "Worker", jsonPath = ".status.worker", type = Type.STRING)
@AdditionalPrinterColumn(name = "Attempt", jsonPath = ".status.attempt", type = Type.INTEGER)
@AdditionalPrinterColumn(name = "ETA", jsonPath = ".spec.eta", type = Type.STRING)
@AdditionalPrinterColumn(name = "Age", jsonPath = ".metadata.creationTimestamp", type = Type.DATE)
@AdditionalPrinterColumn(name = "Message", jsonPath = ".status.message", type = Type.STRING, priority = 1)
@AdditionalSelectableField(jsonPath = ".status.state")
@AdditionalSelectableField(jsonPath = ".status.reason")
@AdditionalSelectableField(jsonPath = ".status.worker")
@AdditionalSelectableField(jsonPath = ".status.error.type")
@AdditionalSelectableField(jsonPath = ".spec.queue")
@AdditionalSelectableField(jsonPath = ".spec.action")
public class SyncJob extends CustomResource<SyncJobSpec, SyncJobStatus> implements Namespaced {
    private static final long serialVersionUID = 1;

    @Override
    protected SyncJobSpec initSpec() {
        return new SyncJobSpec(Names.DEFAULT_QUEUE, "", null, null, null, null, null, null);
    }

    @Override
    protected SyncJobStatus initStatus() {
        return SyncJobStatus.NEW;
    }
}
