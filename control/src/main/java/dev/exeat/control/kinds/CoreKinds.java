package dev.exeat.control.kinds;

import java.util.List;
import java.util.Locale;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Kinds of Kubernetes' own that matter here: from them come identities. */
final class CoreKinds {
    private static final Column AGE = new Column("Age", "date", ".metadata.creationTimestamp", 0);

    private CoreKinds() {}

    static List<Kind> all() {
        return List.of(
                core("Namespace", "namespaces", "ns", false, List.of(AGE)),
                core("ServiceAccount", "serviceaccounts", "sa", true, List.of(AGE)),
                core("ConfigMap", "configmaps", "cm", true, List.of(AGE)));
    }

    private static Kind core(String name, String plural, String shortName, boolean namespaced, List<Column> columns) {
        ObjectNode schema = JsonNodeFactory.instance.objectNode();
        schema.put("type", "object").put("x-kubernetes-preserve-unknown-fields", true);
        return new Kind(
                "",
                List.of(new Kind.Version("v1", schema, columns, false)),
                name,
                plural,
                name.toLowerCase(Locale.ROOT),
                List.of(shortName),
                namespaced);
    }
}
