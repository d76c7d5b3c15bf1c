package dev.exeat.control.kinds;

import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;

/**
 * Kinds of Kubernetes' own by which programs tell what happened and agree who leads: clients describe objects with
 * their events, and controllers elect their leader by a lease.
 */
final class CoordinationKinds {
    private CoordinationKinds() {}

    static List<Kind> all(PublishedSchemas schemas) {
        return List.of(
                kind(schemas, "", "Event", List.of("ev"), event()),
                kind(
                        schemas,
                        "coordination.k8s.io",
                        "Lease",
                        List.of(),
                        List.of(
                                new Column("Holder", "string", ".spec.holderIdentity", 0),
                                new Column("Age", "date", ".metadata.creationTimestamp", 0))));
    }

    private static Kind kind(
            PublishedSchemas schemas, String group, String name, List<String> shortNames, List<Column> columns) {
        return new Kind(
                group,
                List.of(new Kind.Version(
                        "v1", schemas.resolved(PublishedSchemas.name(group, "v1", name)), columns, false)),
                KindNames.regular(name, shortNames.toArray(String[]::new)),
                true);
    }

    /** Of events the name comes last. */
    private static List<Column> event() {
        return List.of(
                new Column("Last Seen", "date", ".lastTimestamp", 0),
                new Column("Type", "string", ".type", 0),
                new Column("Reason", "string", ".reason", 0),
                Column.made("Object", 0, event -> about(event.path("involvedObject"))),
                new Column("Subobject", "string", ".involvedObject.fieldPath", 1),
                Column.made("Source", 1, CoordinationKinds::source),
                Column.made(
                        "Message",
                        0,
                        event -> event.path("message").asString("").strip()),
                new Column("First Seen", "date", ".firstTimestamp", 1),
                new Column("Count", "integer", ".count", 1),
                new Column(Column.NAME, "string", ".metadata.name", 1));
    }

    private static String about(JsonNode object) {
        String kind = object.path("kind").asString("").toLowerCase(Locale.ROOT);
        String name = object.path("name").asString("");
        return name.isEmpty() ? kind : kind + "/" + name;
    }

    private static String source(JsonNode event) {
        String component = event.at("/source/component").asString("");
        if (component.isEmpty()) {
            component = event.path("reportingComponent").asString("");
        }
        String host = event.at("/source/host").asString("");
        return host.isEmpty() ? component : component + ", " + host;
    }
}
