package io.syncjobs.api;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn.Type;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.Singular;
import io.fabric8.kubernetes.model.annotation.Version;

/**
 * The enqueuer's Lease. It names the only pod that may give places to jobs; an admission policy has it as its parameter.
 *
 * <p>It is a kind of our own with the fields of a coordination.k8s.io Lease. If the last policy with a parameter of a built-in
 * kind is deleted, as by helm uninstall, API servers up to 1.36 never follow that kind again (kubernetes/kubernetes#130887). Then
 * the next installation would be refused every write.
 */
@JsonClassDescription(
        "Names the one pod that may give places to waiting jobs; the API server refuses such writes by any other pod. SyncJobs writes it itself, so there is nothing to create or edit. \"kubectl get syncleases -A\" shows which operator or minute run holds it now.")
@Group(Names.GROUP)
@Version(Names.VERSION)
@Plural("syncleases")
@Singular("synclease")
@AdditionalPrinterColumn(name = "Holder", jsonPath = ".spec.holderIdentity", type = Type.STRING)
@AdditionalPrinterColumn(name = "Renewed", jsonPath = ".spec.renewTime", type = Type.DATE)
@AdditionalPrinterColumn(name = "Age", jsonPath = ".metadata.creationTimestamp", type = Type.DATE)
public class SyncLease extends CustomResource<SyncLeaseSpec, Void> implements Namespaced {
    private static final long serialVersionUID = 1;
}
