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

/** Warm workers: pods that stay up and take one job after another over HTTP. */
@JsonClassDescription("""
        Warm workers: pods that stay up and take one job after another over HTTP, in milliseconds instead of a pod for each job. A \
        SyncQueue names the pool in spec.workerPool.

            apiVersion: syncjobs.io/v1alpha1
            kind: SyncWorkerPool
            metadata:
              name: magento
            spec:
              replicas: 2                # two worker pods
              slots: 8                   # each runs up to eight jobs at once
              handler: {port: 8080, path: "/jobs/{action}"}
              template:                  # the first container serves the handler's port
                spec:
                  containers:
                    - name: handler
                      image: example/erp-handler:7

        Each job is a POST whose body is the payload: an answer of 2xx makes the job Done, 429 and 503 are retried, and any other answer makes it Failed.""")
@Group(Names.GROUP)
@Version(Names.VERSION)
@Plural("syncworkerpools")
@Singular("syncworkerpool")
@ShortNames("swp")
@Categories("sync")
@ValidationRule(
        value = "self.metadata.name.size() <= 40 && !self.metadata.name.contains('.')",
        message =
                "metadata.name of a SyncWorkerPool has at most 40 characters and no dots, so that its pods' names begin with it")
@AdditionalPrinterColumn(name = "Replicas", jsonPath = ".spec.replicas", type = Type.INTEGER)
@AdditionalPrinterColumn(name = "Ready", jsonPath = ".status.readyReplicas", type = Type.INTEGER)
@AdditionalPrinterColumn(name = "Slots", jsonPath = ".status.slots", type = Type.INTEGER)
@AdditionalPrinterColumn(name = "Busy", jsonPath = ".status.busy", type = Type.INTEGER)
@AdditionalPrinterColumn(name = "Dead", jsonPath = ".status.dead", type = Type.INTEGER)
@AdditionalPrinterColumn(name = "Reason", jsonPath = ".status.reason", type = Type.STRING)
@AdditionalPrinterColumn(name = "Age", jsonPath = ".metadata.creationTimestamp", type = Type.DATE)
@AdditionalPrinterColumn(name = "Message", jsonPath = ".status.message", type = Type.STRING, priority = 1)
public class SyncWorkerPool extends CustomResource<SyncWorkerPoolSpec, SyncWorkerPoolStatus> implements Namespaced {
    private static final long serialVersionUID = 1;

    @Override
    protected SyncWorkerPoolStatus initStatus() {
        return SyncWorkerPoolStatus.NEW;
    }
}
