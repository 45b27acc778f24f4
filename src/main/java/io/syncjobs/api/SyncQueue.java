package io.syncjobs.api;

import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn.Type;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;

/** A channel: jobs of one kind, how many of them may run at once, and how they are run. */
@Group(Names.GROUP)
@Version(Names.VERSION)
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
