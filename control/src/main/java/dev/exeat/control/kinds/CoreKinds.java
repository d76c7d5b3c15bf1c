package dev.exeat.control.kinds;

import java.util.List;

/** Kinds of Kubernetes' own that matter here: from them come identities. */
final class CoreKinds {
    private static final Column AGE = new Column("Age", "date", ".metadata.creationTimestamp", 0);
    private static final String STRING = "string";

    private CoreKinds() {}

    static List<Kind> all(PublishedSchemas schemas) {
        return List.of(
                core(schemas, "Namespace", "ns", List.of(new Column("Status", STRING, ".status.phase", 0), AGE)),
                core(schemas, "ServiceAccount", "sa", List.of(new Column("Secrets", "integer", ".secrets.*", 0), AGE)),
                core(schemas, "ConfigMap", "cm", List.of(new Column("Data", "integer", ".data.*", 0), AGE)));
    }

    private static Kind core(PublishedSchemas schemas, String name, String shortName, List<Column> columns) {
        return new Kind(
                "",
                List.of(new Kind.Version(
                        "v1", schemas.resolved(PublishedSchemas.name("", "v1", name)), columns, false)),
                KindNames.regular(name, shortName),
                !name.equals("Namespace"));
    }
}
