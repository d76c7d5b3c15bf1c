package dev.exeat.control.access;

import dev.exeat.control.store.FileOwned;
import dev.exeat.identity.ServiceAccountRef;
import dev.exeat.model.InvalidNameException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Which RoleBindings and ClusterRoleBindings are taken: those of the three roles there are, to subjects that can be. */
public final class BindingRules {
    private static final int MOST_SUBJECTS = 1000;

    private BindingRules() {}

    /** What a binding in a file has to say, as the file may have been written for a cluster, whose roles are others. */
    public static final String ANNOTATION = "exeat.dev/grants-api-access";

    /** What is wrong with an object, and where. */
    public record Fault(String field, String message) {}

    /** Whether objects of a kind are bindings. */
    public static boolean apply(String group, String resource) {
        return group.equals(Roles.GROUP) && resource.endsWith("bindings");
    }

    /** Why a binding of the store gives nothing; empty where it counts. */
    public static String why(ObjectNode binding) {
        List<Fault> faults = check(binding, null);
        if (!faults.isEmpty()) {
            return faults.getFirst().field() + ": " + faults.getFirst().message();
        }
        boolean said = binding.path("metadata")
                .path("annotations")
                .path(ANNOTATION)
                .asString("")
                .equals("true");
        return FileOwned.place(binding) == null || said
                ? ""
                : "metadata.annotations: it stands in a file and has no " + ANNOTATION + ": \"true\"";
    }

    /**
     * Everything that is wrong with a binding.
     *
     * @param before what it was, null if it is new
     */
    public static List<Fault> check(ObjectNode binding, @Nullable ObjectNode before) {
        List<Fault> faults = new ArrayList<>();
        JsonNode role = binding.path("roleRef");
        if (!role.path("apiGroup").asString(Roles.GROUP).equals(Roles.GROUP)) {
            faults.add(unsupported("roleRef.apiGroup", role.path("apiGroup"), List.of(Roles.GROUP)));
        }
        if (!role.path("kind").asString("").equals("ClusterRole")) {
            faults.add(unsupported("roleRef.kind", role.path("kind"), List.of("ClusterRole")));
        } else if (!Roles.NAMES.contains(role.path("name").asString(""))) {
            faults.add(unsupported("roleRef.name", role.path("name"), Roles.NAMES));
        }
        if (before != null && !before.path("roleRef").equals(role)) {
            faults.add(
                    new Fault("roleRef", "Invalid value: " + Quoted.of(role.toString()) + ": cannot change roleRef"));
        }
        JsonNode subjects = binding.path("subjects");
        if (subjects.size() > MOST_SUBJECTS) {
            faults.add(new Fault("subjects", "Too many: must have at most " + MOST_SUBJECTS + " items"));
            return faults;
        }
        for (int i = 0; i < subjects.size(); i++) {
            check(subjects.get(i), "subjects[" + i + "]", faults);
        }
        return faults;
    }

    private static void check(JsonNode subject, String field, List<Fault> faults) {
        String name = subject.path("name").asString("");
        String kind = subject.path("kind").asString("");
        boolean account = kind.equals("ServiceAccount");
        if (name.isEmpty()) {
            faults.add(new Fault(field + ".name", "Required value"));
        }
        if (!account && !kind.equals("User") && !kind.equals("Group")) {
            faults.add(unsupported(field + ".kind", subject.path("kind"), List.of("ServiceAccount", "User", "Group")));
            return;
        }
        String group = account ? "" : Roles.GROUP;
        if (!subject.path("apiGroup").asString(group).equals(group)) {
            faults.add(unsupported(field + ".apiGroup", subject.path("apiGroup"), List.of(group)));
        }
        if (account) {
            String namespace = subject.path("namespace").asString("");
            try {
                new ServiceAccountRef(namespace, name.isEmpty() ? "named" : name);
            } catch (InvalidNameException e) {
                faults.add(new Fault(
                        field + ".namespace", namespace.isEmpty() ? "Required value" : String.valueOf(e.getMessage())));
            }
        }
    }

    private static Fault unsupported(String field, JsonNode value, List<String> supported) {
        return new Fault(
                field,
                "Unsupported value: " + Quoted.of(value.asString("")) + ": supported values: "
                        + String.join(", ", supported.stream().map(Quoted::of).toList()));
    }
}
