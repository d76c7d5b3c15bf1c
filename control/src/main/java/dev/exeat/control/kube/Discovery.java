package dev.exeat.control.kube;

import dev.exeat.control.kinds.Kind;
import dev.exeat.control.kinds.KindCatalogue;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Says which kinds there are: aggregated discovery (v2 and v2beta1) and the older form. Immutable. */
final class Discovery {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final String AGGREGATED = "as=APIGroupDiscoveryList";

    private final KindCatalogue kinds;

    Discovery(KindCatalogue kinds) {
        this.kinds = kinds;
    }

    /** @return null if the path is none of discovery */
    @Nullable
    Answer answer(List<String> segments, String accept, String ifNoneMatch) {
        String first = segments.getFirst();
        if (first.equals("api")) {
            return switch (segments.size()) {
                case 1 ->
                    accept.contains(AGGREGATED)
                            ? aggregated(List.of(""), accept, ifNoneMatch)
                            : Answer.json(200, core());
                case 2 -> resources("", segments.get(1));
                default -> null;
            };
        }
        if (!first.equals("apis")) {
            return null;
        }
        return switch (segments.size()) {
            case 1 ->
                accept.contains(AGGREGATED)
                        ? aggregated(List.copyOf(kinds.groups()), accept, ifNoneMatch)
                        : Answer.json(200, groups());
            case 2 ->
                kinds.groups().contains(segments.get(1))
                        ? Answer.json(
                                200,
                                group(segments.get(1)).put("kind", "APIGroup").put("apiVersion", "v1"))
                        : null;
            case 3 -> resources(segments.get(1), segments.get(2));
            default -> null;
        };
    }

    private static ObjectNode core() {
        ObjectNode versions = JSON.objectNode().put("kind", "APIVersions");
        versions.putArray("versions").add("v1");
        versions.putArray("serverAddressByClientCIDRs");
        return versions;
    }

    private ObjectNode groups() {
        ObjectNode list = JSON.objectNode().put("kind", "APIGroupList").put("apiVersion", "v1");
        ArrayNode groups = list.putArray("groups");
        kinds.groups().forEach(group -> groups.add(group(group)));
        return list;
    }

    private ObjectNode group(String group) {
        ObjectNode node = JSON.objectNode().put("name", group);
        ArrayNode versions = node.putArray("versions");
        for (String version : kinds.versions(group)) {
            versions.add(groupVersion(group, version));
        }
        node.set("preferredVersion", groupVersion(group, kinds.versions(group).getFirst()));
        return node;
    }

    private static ObjectNode groupVersion(String group, String version) {
        return JSON.objectNode().put("groupVersion", group + "/" + version).put("version", version);
    }

    private @Nullable Answer resources(String group, String version) {
        if (kinds.of(group, version).isEmpty()) {
            return null;
        }
        ObjectNode list = JSON.objectNode()
                .put("kind", "APIResourceList")
                .put("apiVersion", "v1")
                .put("groupVersion", group.isEmpty() ? version : group + "/" + version);
        ArrayNode resources = list.putArray("resources");
        for (Kind kind : kinds.of(group, version)) {
            ObjectNode resource = resources
                    .addObject()
                    .put("name", kind.plural())
                    .put("singularName", kind.singular())
                    .put("namespaced", kind.namespaced())
                    .put("kind", kind.name());
            texts(resource, "verbs", kind.verbs());
            if (!kind.shortNames().isEmpty()) {
                texts(resource, "shortNames", kind.shortNames());
            }
            if (!kind.categories().isEmpty()) {
                texts(resource, "categories", kind.categories());
            }
        }
        return Answer.json(200, list);
    }

    private Answer aggregated(List<String> groups, String accept, String ifNoneMatch) {
        String version =
                accept.contains("v=v2;") || accept.contains("v=v2,") || accept.endsWith("v=v2") ? "v2" : "v2beta1";
        ObjectNode list = JSON.objectNode()
                .put("kind", "APIGroupDiscoveryList")
                .put("apiVersion", "apidiscovery.k8s.io/" + version);
        list.putObject("metadata");
        ArrayNode items = list.putArray("items");
        for (String group : groups) {
            ObjectNode item = items.addObject();
            ObjectNode metadata = item.putObject("metadata");
            if (!group.isEmpty()) {
                metadata.put("name", group);
            }
            ArrayNode versions = item.putArray("versions");
            for (String served : kinds.versions(group)) {
                ObjectNode node = versions.addObject().put("version", served).put("freshness", "Current");
                ArrayNode resources = node.putArray("resources");
                kinds.of(group, served).forEach(kind -> resources.add(aggregated(kind, served)));
            }
        }
        return CachedDocument.of(
                        "application/json;g=apidiscovery.k8s.io;v=" + version + ";as=APIGroupDiscoveryList", list)
                .answer(ifNoneMatch, "public");
    }

    private static ObjectNode aggregated(Kind kind, String version) {
        ObjectNode node = JSON.objectNode().put("resource", kind.plural());
        node.putObject("responseKind")
                .put("group", kind.group())
                .put("version", version)
                .put("kind", kind.name());
        node.put("scope", kind.namespaced() ? "Namespaced" : "Cluster").put("singularResource", kind.singular());
        texts(node, "verbs", kind.verbs());
        if (!kind.shortNames().isEmpty()) {
            texts(node, "shortNames", kind.shortNames());
        }
        if (!kind.categories().isEmpty()) {
            texts(node, "categories", kind.categories());
        }
        return node;
    }

    private static void texts(ObjectNode node, String name, List<String> texts) {
        ArrayNode array = node.putArray(name);
        texts.forEach(array::add);
    }
}
