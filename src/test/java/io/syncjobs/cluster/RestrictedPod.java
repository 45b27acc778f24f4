package io.syncjobs.cluster;

import io.fabric8.kubernetes.api.model.PodBuilder;

/** A pod of the test worker that fits the restricted pod security profile. */
public final class RestrictedPod {
    private RestrictedPod() {}

    /** {@code argument} tells the test worker what to do, see src/test/images/testworker. */
    public static PodBuilder of(TestNamespace here, String name, String container, String argument) {
        return new PodBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(here.name())
                .endMetadata()
                .withNewSpec()
                .withTerminationGracePeriodSeconds(0L)
                .withNewSecurityContext()
                .withRunAsNonRoot(true)
                .withRunAsUser(65_532L)
                .withNewSeccompProfile()
                .withType("RuntimeDefault")
                .endSeccompProfile()
                .endSecurityContext()
                .addNewContainer()
                .withName(container)
                .withImage(Images.TEST_WORKER)
                .withArgs(argument)
                .withNewSecurityContext()
                .withAllowPrivilegeEscalation(false)
                .withNewCapabilities()
                .addToDrop("ALL")
                .endCapabilities()
                .endSecurityContext()
                .endContainer()
                .endSpec();
    }
}
