package io.syncjobs.kube;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.module.ModuleDescriptor.Version;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The CustomResourceDefinitions of this version. All releases of a cluster share them, and each of them brings its own. A later
 * version only adds fields. So an older release leaves the definitions of a newer one alone: else the API server would drop the
 * added fields from each object that is written.
 */
public final class Definitions {
    private static final List<String> FILES = List.of(
            "syncjobs.syncjobs.io-v1.yml",
            "syncqueues.syncjobs.io-v1.yml",
            "syncworkerpools.syncjobs.io-v1.yml",
            "syncleases.syncjobs.io-v1.yml");
    private static final long ESTABLISHED_SECONDS = 30;

    /** Label: the version of the product that a definition is of. Definitions of the first versions have none. */
    private static final String VERSION = "app.kubernetes.io/version";

    /**
     * A definition that is in force now.
     *
     * @param newer the version that it is of, if it is of a later one than this, and so was left alone
     */
    public record Definition(String name, Optional<String> newer) {}

    private final KubernetesClient client;

    public Definitions(KubernetesClient client) {
        this.client = client;
    }

    /** Applies all that are not there in a newer version, server-side, and waits until the API server has established them. */
    public List<Definition> apply() {
        return FILES.stream().map(this::apply).toList();
    }

    private Definition apply(String file) {
        try (var text = Objects.requireNonNull(Definitions.class.getResourceAsStream("/crds/" + file), file)) {
            var context = new PatchContext.Builder()
                    .withPatchType(PatchType.SERVER_SIDE_APPLY)
                    .withFieldManager(Api.FIELD_MANAGER)
                    .withForce(true)
                    .build();
            var definition = client.getKubernetesSerialization().unmarshal(text, CustomResourceDefinition.class);
            var resource = client.resource(definition);
            var newer = version(resource.get()).filter(there -> isNewer(there, version(definition)));
            if (newer.isEmpty()) resource.patch(context, definition);
            resource.waitUntilCondition(Definitions::isEstablished, ESTABLISHED_SECONDS, SECONDS);
            return new Definition(definition.getMetadata().getName(), newer);
        } catch (KubernetesClientException e) {
            throw new ApiException(e.getCode(), file + ": " + e.getMessage());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Optional<String> version(@Nullable CustomResourceDefinition definition) {
        return Optional.ofNullable(definition)
                .map(there -> there.getMetadata().getLabels())
                .map(labels -> labels.get(VERSION));
    }

    private static boolean isNewer(String there, Optional<String> ours) {
        try {
            return Version.parse(there).compareTo(Version.parse(ours.orElseThrow())) > 0;
        } catch (IllegalArgumentException e) {
            // Somebody else's label: it says nothing about the product's version.
            return false;
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
