import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.crdv2.generator.CRDGenerator;
import io.fabric8.crdv2.generator.CRDPostProcessor;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceColumnDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncLease;
import io.syncjobs.api.SyncQueue;
import java.io.File;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Writes the CustomResourceDefinitions of the API classes into the folder named by the first argument. */
void main(String[] args) {
    var folder = new File(args[0]);
    folder.mkdirs();
    var done = new CRDGenerator()
            .customResourceClasses(SyncJob.class, SyncQueue.class, SyncLease.class)
            .forCRDVersions("v1")
            .withMinQuotes(true)
            .withParallelGenerationEnabled(false)
            .withPostProcessor(new Finish())
            .inOutputDir(folder)
            .generate();
    if (done != 3) throw new IllegalStateException("expected 3 definitions, wrote " + done);
}

/** What annotations cannot say, or what the generator makes of them that the API server would not like. */
static final class Finish implements CRDPostProcessor {
    private static final Map<String, Class<?>> KINDS = Map.of("SyncJob", SyncJob.class, "SyncQueue", SyncQueue.class, "SyncLease", SyncLease.class);

    @Override
    public HasMetadata process(HasMetadata resource, String crdVersion) {
        var crd = (CustomResourceDefinition) resource;
        var columns = columnsInOrder(KINDS.get(crd.getSpec().getNames().getKind()));
        for (var version : crd.getSpec().getVersions()) {
            // The generator sorts columns by their path; people read them in the order in which they are declared.
            version.getAdditionalPrinterColumns()
                    .sort(Comparator.comparing((CustomResourceColumnDefinition c) -> columns.indexOf(c.getName())));
            var schema = version.getSchema().getOpenAPIV3Schema();
            finish(schema);
            schema.setRequired(List.of("spec"));
            if (crd.getSpec().getNames().getKind().equals("SyncJob")) {
                // A new job has a state without anybody writing it, so that it can be selected by it.
                schema.getProperties().get("status").setDefault(JsonNodeFactory.instance.objectNode().put("state", "Pending"));
            }
        }
        return crd;
    }

    private static List<String> columnsInOrder(Class<?> kind) {
        return Stream.of(kind.getAnnotationsByType(AdditionalPrinterColumn.class)).map(AdditionalPrinterColumn::name).toList();
    }

    private static void finish(JSONSchemaProps schema) {
        // An annotation that is valid on types and on fields is found twice on a record's component.
        var rules = schema.getXKubernetesValidations();
        if (rules != null) schema.setXKubernetesValidations(new ArrayList<>(new LinkedHashSet<>(rules)));
        if (schema.getItems() != null && schema.getItems().getSchema() != null) finish(schema.getItems().getSchema());
        if (schema.getProperties() == null) return;
        schema.getProperties().replaceAll((name, property) -> {
            if (name.endsWith("Time") || name.equals("time")) return time(property);
            if (name.equals("eta")) property.setFormat("date-time");
            if (name.equals("conditions")) conditions(property);
            finish(property);
            return property;
        });
    }

    private static JSONSchemaProps time(JSONSchemaProps found) {
        var time = new JSONSchemaProps();
        time.setDescription(found.getDescription());
        time.setType("string");
        time.setFormat("date-time");
        return time;
    }

    private static void conditions(JSONSchemaProps list) {
        list.setXKubernetesListType("map");
        list.setXKubernetesListMapKeys(List.of("type"));
        list.getItems().getSchema().setRequired(List.of("lastTransitionTime", "reason", "status", "type"));
        list.getItems().getSchema().getProperties().forEach((name, property) -> {
            if (!name.equals("observedGeneration")) property.setMaxLength(name.equals("message") ? 1024L : 316L);
        });
    }
}
