package io.syncjobs.api;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn.Type;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Singular;
import io.fabric8.kubernetes.model.annotation.Version;

/** A channel: jobs of one kind, how many of them may run at once, and how they are run. */
@JsonClassDescription("""
        A channel for jobs of one kind: how many of them run at once, how they are run, and the defaults of \
        their settings. A job names it in spec.queue. The queue named default exists without being created.

            apiVersion: syncjobs.io/v1alpha1
            kind: SyncQueue
            metadata:
              name: magento
            spec:
              capacity: 5                # at most five jobs at once
              defaults:
                timeoutSeconds: 300
                retry: {limit: 5, delaySeconds: 60}
              template:                  # each job runs in a pod made from it
                spec:
                  containers:
                    - name: worker
                      image: example/erp-worker:7

        Its condition Ready says whether a due job would be started: "kubectl wait --for=condition=Ready syncqueue/magento".""")
@Group(Names.GROUP)
@Version(Names.VERSION)
@Plural("syncqueues")
@Singular("syncqueue")
@ShortNames("sq")
@Categories("sync")
@ValidationRule(
        value = "self.metadata.name.size() <= 63 && !self.metadata.name.contains('.')",
        message =
                "metadata.name of a SyncQueue has at most 63 characters and no dots, so that a job's spec.queue can name it")
@AdditionalPrinterColumn(name = "Capacity", jsonPath = ".spec.capacity", type = Type.INTEGER)
@AdditionalPrinterColumn(name = "Paused", jsonPath = ".spec.paused", type = Type.BOOLEAN)
@AdditionalPrinterColumn(name = "Pending", jsonPath = ".status.pending", type = Type.INTEGER)
@AdditionalPrinterColumn(name = "Running", jsonPath = ".status.running", type = Type.INTEGER)
@AdditionalPrinterColumn(name = "Failed", jsonPath = ".status.failed", type = Type.INTEGER)
@AdditionalPrinterColumn(name = "Reason", jsonPath = ".status.reason", type = Type.STRING)
@AdditionalPrinterColumn(name = "Age", jsonPath = ".metadata.creationTimestamp", type = Type.DATE)
@AdditionalPrinterColumn(name = "Message", jsonPath = ".status.message", type = Type.STRING, priority = 1)
public class SyncQueue extends CustomResource<SyncQueueSpec, SyncQueueStatus> implements Namespaced {
    private static final long serialVersionUID = 1;

    @Override
    protected SyncQueueSpec initSpec() {
        return SyncQueueSpec.BUILT_IN;
    }

    @Override
    protected SyncQueueStatus initStatus() {
        return SyncQueueStatus.NEW;
    }
}
