package io.syncjobs.api;

import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn.Type;
import io.fabric8.crd.generator.annotation.AdditionalSelectableField;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;

/** One action to execute once, at least: its spec says what, its status holds state, result and trace. */
@Group(Names.GROUP)
@Version(Names.VERSION)
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
