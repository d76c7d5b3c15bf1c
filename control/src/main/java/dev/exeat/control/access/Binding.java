package dev.exeat.control.access;

import java.util.HashSet;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Gives a role to subjects.
 *
 * @param namespace in which it counts; empty for everywhere
 */
record Binding(String name, String namespace, String role, Set<String> users, Set<String> groups) {
    Binding {
        users = Set.copyOf(users);
        groups = Set.copyOf(groups);
    }

    /** Reads an object of the store; one that {@link BindingRules} does not take gives nothing. */
    static Binding of(ObjectNode object) {
        String namespace = object.path("kind").asString("").equals("RoleBinding")
                ? object.at("/metadata/namespace").asString("")
                : "";
        Set<String> users = new HashSet<>();
        Set<String> groups = new HashSet<>();
        for (JsonNode subject : object.path("subjects")) {
            String name = subject.path("name").asString("");
            switch (subject.path("kind").asString("")) {
                case "User" -> users.add(name);
                case "Group" -> groups.add(name);
                case "ServiceAccount" ->
                    users.add(
                            "system:serviceaccount:" + subject.path("namespace").asString("") + ":" + name);
                default -> {}
            }
        }
        String role =
                BindingRules.why(object).isEmpty() ? object.at("/roleRef/name").asString("") : "";
        return new Binding(object.at("/metadata/name").asString(""), namespace, role, users, groups);
    }

    boolean covers(Caller caller) {
        return users.contains(caller.user()) || caller.groups().stream().anyMatch(groups::contains);
    }

    /** Whether it counts for what is asked. */
    boolean reaches(Attributes asked) {
        if (namespace.isEmpty()) {
            return true;
        }
        // Within a namespace the namespace itself can be seen, and no more.
        boolean ofNamespaces = asked.group().isEmpty() && asked.resource().equals("namespaces");
        return asked.path().isEmpty()
                && asked.namespace().equals(namespace)
                && (!ofNamespaces || asked.verb().equals("get"));
    }

    /** For people: why something is allowed. */
    String reason() {
        String kind = namespace.isEmpty() ? "ClusterRoleBinding " : "RoleBinding ";
        String place = namespace.isEmpty() ? name : name + "/" + namespace;
        return "allowed by " + kind + Quoted.of(place) + " of ClusterRole " + Quoted.of(role);
    }
}
