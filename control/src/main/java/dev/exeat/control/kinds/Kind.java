package dev.exeat.control.kinds;

import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/**
 * A kind of objects.
 *
 * @param group of the API, empty for the core one
 * @param versions served, the one that is preferred first
 * @param verbs that it is served with
 */
public record Kind(String group, List<Version> versions, KindNames names, boolean namespaced, List<String> verbs) {
    /** Those of a kind whose objects are kept. */
    public static final List<String> ALL_VERBS =
            List.of("create", "delete", "deletecollection", "get", "list", "patch", "update", "watch");

    public Kind {
        verbs = List.copyOf(verbs);
        versions = List.copyOf(versions);
    }

    /** A kind whose objects are kept. */
    public Kind(String group, List<Version> versions, KindNames names, boolean namespaced) {
        this(group, versions, names, namespaced, ALL_VERBS);
    }

    /** As manifests spell it. */
    public String name() {
        return names.kind();
    }

    /** As paths name it. */
    public String plural() {
        return names.plural();
    }

    public String singular() {
        return names.singular();
    }

    public List<String> shortNames() {
        return names.shortNames();
    }

    public List<String> categories() {
        return names.categories();
    }

    /**
     * One version.
     *
     * @param schema structural OpenAPI v3 of the objects, with their metadata; shared, never to be changed
     * @param columns beside the name
     * @param status whether {@code status} is a subresource, which writes of the object leave alone
     */
    public record Version(String name, ObjectNode schema, List<Column> columns, boolean status) {
        public Version {
            columns = List.copyOf(columns);
        }

        /** The name of the published definition of one of Kubernetes' own kinds; empty for a custom kind. */
        public String definition() {
            return schema.path(PublishedSchemas.DEFINITION).asString("");
        }

        public boolean isCustom() {
            return definition().isEmpty();
        }
    }

    public Optional<Version> version(String version) {
        return versions.stream().filter(served -> served.name().equals(version)).findFirst();
    }

    public String apiVersion(Version version) {
        return group.isEmpty() ? version.name() : group + "/" + version.name();
    }

    public String listKind() {
        return name() + "List";
    }
}
