package dev.exeat.control.access;

import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** A PolicyRule of {@code rbac.authorization.k8s.io/v1}; {@code *} stands for all. */
record Rule(List<String> verbs, List<String> groups, List<String> resources, List<String> paths) {
    private static final String ALL = "*";

    Rule {
        verbs = List.copyOf(verbs);
        groups = List.copyOf(groups);
        resources = List.copyOf(resources);
        paths = List.copyOf(paths);
    }

    static Rule ofResources(List<String> verbs, String group, List<String> resources) {
        return new Rule(verbs, List.of(group), resources, List.of());
    }

    static Rule ofPaths(List<String> verbs, List<String> paths) {
        return new Rule(verbs, List.of(), List.of(), paths);
    }

    boolean allows(Attributes asked) {
        if (!has(verbs, asked.verb())) {
            return false;
        }
        if (!asked.path().isEmpty()) {
            return paths.stream().anyMatch(path -> covers(path, asked.path()));
        }
        return has(groups, asked.group()) && has(resources, asked.fullResource());
    }

    private static boolean has(List<String> values, String value) {
        return values.contains(ALL) || values.contains(value);
    }

    private static boolean covers(String pattern, String path) {
        return pattern.endsWith(ALL)
                ? path.startsWith(pattern.substring(0, pattern.length() - 1))
                : path.equals(pattern);
    }

    ObjectNode toJson() {
        ObjectNode rule = JsonNodeFactory.instance.objectNode();
        put(rule, "verbs", verbs);
        put(rule, "apiGroups", groups);
        put(rule, "resources", resources);
        put(rule, "nonResourceURLs", paths);
        return rule;
    }

    private static void put(ObjectNode rule, String field, List<String> values) {
        if (!values.isEmpty()) {
            ArrayNode array = rule.putArray(field);
            values.forEach(array::add);
        }
    }
}
