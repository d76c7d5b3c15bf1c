package dev.exeat.control.kinds;

import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/**
 * A kind of objects.
 *
 * @param group of the API, empty for the core one
 * @param versions served, the one that is preferred first
 * @param name as manifests spell it
 * @param plural as paths name it
 * @param verbs that it is served with
 */
public record Kind(
        String group,
        List<Version> versions,
        String name,
        String plural,
        String singular,
        List<String> shortNames,
        boolean namespaced,
        List<String> verbs) {
    /** Those of a kind whose objects are kept. */
    public static final List<String> ALL_VERBS =
            List.of("create", "delete", "deletecollection", "get", "list", "patch", "update", "watch");

    public Kind {
        verbs = List.copyOf(verbs);
        versions = List.copyOf(versions);
        shortNames = List.copyOf(shortNames);
    }

    /** A kind whose objects are kept. */
    public Kind(
            String group,
            List<Version> versions,
            String name,
            String plural,
            String singular,
            List<String> shortNames,
            boolean namespaced) {
        this(group, versions, name, plural, singular, shortNames, namespaced, ALL_VERBS);
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
        return name + "List";
    }
}
