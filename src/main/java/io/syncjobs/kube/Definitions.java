package io.syncjobs.kube;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;

/** The CustomResourceDefinitions of this version. */
public final class Definitions {
    private static final List<String> FILES = List.of(
            "syncjobs.syncjobs.io-v1.yml",
            "syncqueues.syncjobs.io-v1.yml",
            "syncworkerpools.syncjobs.io-v1.yml",
            "syncleases.syncjobs.io-v1.yml");
    private static final long ESTABLISHED_SECONDS = 30;

    private final KubernetesClient client;

    public Definitions(KubernetesClient client) {
        this.client = client;
    }

    /** Applies all of them server-side, waits until the API server has established them, and returns their names. */
    public List<String> apply() {
        return FILES.stream().map(this::apply).toList();
    }

    private String apply(String file) {
        try (var text = Objects.requireNonNull(Definitions.class.getResourceAsStream("/crds/" + file), file)) {
            var context = new PatchContext.Builder()
                    .withPatchType(PatchType.SERVER_SIDE_APPLY)
                    .withFieldManager(Api.FIELD_MANAGER)
                    .withForce(true)
                    .build();
            var definition = client.getKubernetesSerialization().unmarshal(text, CustomResourceDefinition.class);
            var resource = client.resource(definition);
            resource.patch(context, definition);
            resource.waitUntilCondition(Definitions::isEstablished, ESTABLISHED_SECONDS, SECONDS);
            return definition.getMetadata().getName();
        } catch (KubernetesClientException e) {
            throw new ApiException(e.getCode(), file + ": " + e.getMessage());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isEstablished(CustomResourceDefinition definition) {
        return definition != null
                && definition.getStatus() != null
                && definition.getStatus().getConditions().stream()
                        .anyMatch(c -> c.getType().equals("Established")
                                && c.getStatus().equals("True"));
    }
}
