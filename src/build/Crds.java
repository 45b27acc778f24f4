import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.crdv2.generator.CRDGenerator;
import io.fabric8.crdv2.generator.CRDPostProcessor;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceColumnDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncLease;
import io.syncjobs.api.SyncQueue;
import io.syncjobs.api.SyncWorkerPool;
import java.io.File;
import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Writes the CustomResourceDefinitions of the API classes into the folder named by the first argument. The second one is the
 * product's version, which they carry as a label: an older release leaves the definitions of a newer one alone.
 */
void main(String[] args) throws IOException {
    var folder = new File(args[0]);
    folder.mkdirs();
    var done = new CRDGenerator()
            .customResourceClasses(SyncJob.class, SyncQueue.class, SyncWorkerPool.class, SyncLease.class)
            .forCRDVersions("v1")
            .withMinQuotes(true)
            .withParallelGenerationEnabled(false)
            .withPostProcessor(new Finish(args[1]))
            .inOutputDir(folder)
            .generate();
    if (done != 4) throw new IllegalStateException("expected 4 definitions, wrote " + done);
    for (var file : folder.listFiles()) quoteWordsThatYamlTakesForBooleans(file.toPath());
}

/** The generator writes YAML 1.2, where True is a text. The API server reads YAML 1.1, where it is a boolean. */
void quoteWordsThatYamlTakesForBooleans(Path file) throws IOException {
    Files.writeString(file, Files.readString(file).replaceAll("(?m)^( *- )(True|False)$", "$1\"$2\""));
}

/** What annotations cannot say, and what the generator makes of them that the API server would refuse. */
record Finish(String productVersion) implements CRDPostProcessor {
    private static final Map<String, Class<?>> KINDS =
            Map.of(
                    "SyncJob", SyncJob.class,
                    "SyncQueue", SyncQueue.class,
                    "SyncWorkerPool", SyncWorkerPool.class,
                    "SyncLease", SyncLease.class);

    /** Texts that are one of a few words. They are no Java enums, because an older client may read a newer word. */
    private static final Map<String, List<String>> WORDS = Map.of("when", List.of("Retryable", "Any"));

    /** How two appliers share a list. The tiers of a pattern are one decision, and history has one writer: these are not merged. */
    private static final Map<String, String> LISTS = Map.of("conditions", "map", "history", "atomic", "pattern", "atomic");

    /** RFC 3339 with nanoseconds and an offset has 35 characters. */
    private static final long LONGEST_TIME = 40;

    /** Descriptions of the fields of a condition, which is a class of the client library. */
    private static final Map<String, String> CONDITION = Map.of(
            "type", "What it is about; the list has each type once.",
            "status", "True, False or Unknown.",
            "reason", "Why, one word for programs.",
            "message", "Why, in words, and what to do.",
            "lastTransitionTime", "When status last changed.",
            "observedGeneration", "The metadata.generation that it is about.");

    @Override
    public HasMetadata process(HasMetadata resource, String crdVersion) {
        var crd = (CustomResourceDefinition) resource;
        var kind = KINDS.get(crd.getSpec().getNames().getKind());
        var columns = columnsInOrder(kind);
        crd.getMetadata().setLabels(Map.of("app.kubernetes.io/version", productVersion));
        for (var version : crd.getSpec().getVersions()) {
            // The generator sorts columns by their path; people read them in the order in which they are declared.
            version.getAdditionalPrinterColumns()
                    .sort(Comparator.comparing((CustomResourceColumnDefinition c) -> columns.indexOf(c.getName())));
            var schema = version.getSchema().getOpenAPIV3Schema();
            finish(schema);
            schema.setRequired(List.of("spec"));
            schema.setDescription(described(kind));
            var parts = ((ParameterizedType) kind.getGenericSuperclass()).getActualTypeArguments();
            describe(schema.getProperties().get("spec"), parts[0]);
            if (parts[1] == Void.class) {
                schema.getProperties().remove("status");
            } else {
                describe(schema.getProperties().get("status"), parts[1]);
                // It has one writer at a time. The list of who owns which field would be a third of the object and of each write.
                schema.getProperties().get("status").setXKubernetesMapType("atomic");
            }
            if (kind == SyncJob.class) {
                // A new job has a state before anybody writes one, so that field selectors find it.
                schema.getProperties().get("status").setDefault(JsonNodeFactory.instance.objectNode().put("state", "Pending"));
            }
        }
        return crd;
    }

    private static List<String> columnsInOrder(Class<?> kind) {
        return Stream.of(kind.getAnnotationsByType(AdditionalPrinterColumn.class)).map(AdditionalPrinterColumn::name).toList();
    }

    /** The generator reads the descriptions of fields, but not those of types: whole objects, and the elements of lists. */
    private static void describe(JSONSchemaProps schema, Type type) {
        if (type instanceof ParameterizedType list && list.getRawType() == List.class) {
            describe(schema.getItems().getSchema(), list.getActualTypeArguments()[0]);
        } else if (type == Condition.class) {
            schema.setDescription("One thing that is said of the object.");
            schema.getProperties().forEach((name, property) -> property.setDescription(CONDITION.get(name)));
        } else if (type instanceof Class<?> record && record.isRecord()) {
            if (schema.getDescription() == null) schema.setDescription(described(record));
            for (var component : record.getRecordComponents()) {
                describe(schema.getProperties().get(component.getName()), component.getGenericType());
            }
        }
    }

    private static String described(Class<?> type) {
        var description = type.getAnnotation(JsonClassDescription.class);
        if (description == null) throw new IllegalStateException(type + " has no @JsonClassDescription");
        return description.value();
    }

    private static void finish(JSONSchemaProps schema) {
        // The generator finds an annotation that is valid on types and on fields twice on a record's component.
        var rules = schema.getXKubernetesValidations();
        if (rules != null) schema.setXKubernetesValidations(new ArrayList<>(new LinkedHashSet<>(rules)));
        if (schema.getItems() != null && schema.getItems().getSchema() != null) finish(schema.getItems().getSchema());
        if (schema.getProperties() == null) return;
        schema.getProperties().replaceAll((name, property) -> {
            if (name.endsWith("Time") || name.equals("time")) return time(property);
            if (name.equals("eta")) property.setFormat("date-time");
            if (WORDS.containsKey(name)) words(property, WORDS.get(name));
            if (property.getItems() != null) property.setXKubernetesListType(listType(name));
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
        time.setMaxLength(LONGEST_TIME);
        return time;
    }

    private static void words(JSONSchemaProps text, List<String> words) {
        text.setEnum(words.stream().<JsonNode>map(JsonNodeFactory.instance::textNode).toList());
    }

    private static String listType(String name) {
        if (!LISTS.containsKey(name)) throw new IllegalStateException("LISTS does not say how two appliers share " + name);
        return LISTS.get(name);
    }

    private static void conditions(JSONSchemaProps list) {
        list.setXKubernetesListMapKeys(List.of("type"));
        var item = list.getItems().getSchema();
        item.setRequired(List.of("lastTransitionTime", "reason", "status", "type"));
        var fields = item.getProperties();
        words(fields.get("status"), List.of("True", "False", "Unknown"));
        fields.get("type").setMaxLength(316L);
        fields.get("reason").setMaxLength(316L);
        fields.get("message").setMaxLength(1024L);
        fields.get("observedGeneration").setMinimum(0.0);
    }
}
