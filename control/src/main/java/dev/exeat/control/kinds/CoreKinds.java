package dev.exeat.control.kinds;

import java.util.List;
import java.util.Locale;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Kinds of Kubernetes' own that matter here: from them come identities. */
final class CoreKinds {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final Column AGE = new Column("Age", "date", ".metadata.creationTimestamp", 0);
    private static final String STRING = "string";
    private static final String OBJECT = "object";

    private CoreKinds() {}

    static List<Kind> all() {
        return List.of(
                core(
                        "Namespace",
                        "namespaces",
                        "ns",
                        namespaceSchema(),
                        List.of(new Column("Status", STRING, ".status.phase", 0), AGE)),
                core(
                        "ServiceAccount",
                        "serviceaccounts",
                        "sa",
                        serviceAccountSchema(),
                        List.of(new Column("Secrets", "integer", ".secrets.*", 0), AGE)),
                core(
                        "ConfigMap",
                        "configmaps",
                        "cm",
                        configMapSchema(),
                        List.of(new Column("Data", "integer", ".data.*", 0), AGE)));
    }

    private static Kind core(String name, String plural, String shortName, ObjectNode schema, List<Column> columns) {
        return new Kind(
                "",
                List.of(new Kind.Version("v1", WholeSchema.of(schema), columns, false)),
                name,
                plural,
                name.toLowerCase(Locale.ROOT),
                List.of(shortName),
                !name.equals("Namespace"));
    }

    private static ObjectNode object(String description) {
        return JSON.objectNode().put("type", OBJECT).put("description", description);
    }

    private static ObjectNode namespaceSchema() {
        ObjectNode schema = object("Where names are apart from those of others.");
        ObjectNode spec = schema.withObject("/properties").putObject("spec").put("type", OBJECT);
        spec.withObject("/properties")
                .putObject("finalizers")
                .put("type", "array")
                .putObject("items")
                .put("type", STRING);
        schema.withObject("/properties")
                .putObject("status")
                .put("type", OBJECT)
                .put("x-kubernetes-preserve-unknown-fields", true);
        return schema;
    }

    private static ObjectNode serviceAccountSchema() {
        ObjectNode schema = object("Who a workload is.");
        ObjectNode properties = schema.putObject("properties");
        properties.putObject("automountServiceAccountToken").put("type", "boolean");
        ObjectNode secrets = properties.putObject("secrets").put("type", "array");
        secrets.put("x-kubernetes-list-type", "map")
                .putArray("x-kubernetes-list-map-keys")
                .add("name");
        secrets.putObject("items")
                .put("type", OBJECT)
                .put("x-kubernetes-map-type", "atomic")
                .withObject("/properties")
                .setAll(reference());
        properties
                .putObject("imagePullSecrets")
                .put("type", "array")
                .putObject("items")
                .put("type", OBJECT)
                .withObject("/properties")
                .setAll(reference());
        return schema;
    }

    private static ObjectNode reference() {
        ObjectNode fields = JSON.objectNode();
        for (String name : List.of("name", "namespace", "kind", "apiVersion", "fieldPath", "uid", "resourceVersion")) {
            fields.putObject(name).put("type", STRING);
        }
        return fields;
    }

    private static ObjectNode configMapSchema() {
        ObjectNode schema = object("Texts by name.");
        ObjectNode properties = schema.putObject("properties");
        for (String name : List.of("data", "binaryData")) {
            properties
                    .putObject(name)
                    .put("type", OBJECT)
                    .putObject("additionalProperties")
                    .put("type", STRING);
        }
        properties.putObject("immutable").put("type", "boolean");
        return schema;
    }
}
