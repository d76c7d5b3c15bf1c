package dev.exeat.control.access;

import dev.exeat.control.kinds.Kind;
import dev.exeat.control.kinds.KindCatalogue;
import dev.exeat.control.store.ObjectStore;
import dev.exeat.control.store.StoreKey;
import dev.exeat.control.store.StoredObject;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The three roles there are, and what everybody may do. Immutable. */
public final class Roles {
    public static final String ADMIN = "admin";
    public static final String POLICY_EDITOR = "policy-editor";
    public static final String VIEWER = "viewer";
    public static final List<String> NAMES = List.of(ADMIN, POLICY_EDITOR, VIEWER);

    static final String GROUP = "rbac.authorization.k8s.io";
    static final String AUTHENTICATION = "authentication.k8s.io";
    static final String AUTHORIZATION = "authorization.k8s.io";
    static final String CERTIFICATES = "certificates.k8s.io";
    private static final List<String> ALL = List.of("*");
    private static final List<String> READ = List.of("get", "list", "watch");
    private static final List<String> WRITE = List.of("create", "delete", "deletecollection", "patch", "update");
    private static final List<String> POLICY_GROUPS =
            List.of("config.istio.io", "exeat.dev", "networking.istio.io", "security.istio.io");
    /** Of Kubernetes' own kinds; neither secrets, nor logs, nor what gives rights or identities. */
    private static final List<String> CORE =
            List.of("configmaps", "events", "namespaces", "pods", "serviceaccounts", "services");

    private final Map<String, List<Rule>> roles = new LinkedHashMap<>();

    public Roles(KindCatalogue kinds) {
        List<Rule> viewer = new ArrayList<>();
        viewer.add(Rule.ofResources(READ, "", CORE));
        viewer.add(Rule.ofResources(READ, "apps", List.of("deployments", "replicasets")));
        viewer.add(Rule.ofResources(READ, "exeat.dev", List.of("flows")));
        List<Rule> editor = new ArrayList<>(viewer);
        for (String group : POLICY_GROUPS) {
            List<String> plurals = plurals(kinds, group);
            List<String> withStatus = new ArrayList<>(plurals);
            plurals.forEach(plural -> withStatus.add(plural + "/status"));
            viewer.add(Rule.ofResources(READ, group, withStatus));
            editor.add(Rule.ofResources(READ, group, withStatus));
            editor.add(Rule.ofResources(WRITE, group, plurals));
        }
        roles.put(ADMIN, List.of(new Rule(ALL, ALL, ALL, List.of()), Rule.ofPaths(ALL, ALL)));
        roles.put(POLICY_EDITOR, List.copyOf(editor));
        roles.put(VIEWER, List.copyOf(viewer));
    }

    private static List<String> plurals(KindCatalogue kinds, String group) {
        return kinds.all().stream()
                .filter(kind -> kind.group().equals(group))
                .map(Kind::plural)
                .sorted()
                .toList();
    }

    /** The rules of a role, none for one that there is not. */
    List<Rule> rules(String role) {
        return roles.getOrDefault(role, List.of());
    }

    /** What everybody may do who has proved who they are. */
    static List<Rule> everybody() {
        List<String> create = List.of("create");
        return List.of(
                Rule.ofResources(create, AUTHENTICATION, List.of("selfsubjectreviews")),
                Rule.ofResources(create, AUTHORIZATION, List.of("selfsubjectaccessreviews", "selfsubjectrulesreviews")),
                Rule.ofPaths(
                        List.of("get"),
                        List.of("/api", "/api/*", "/apis", "/apis/*", "/openapi", "/openapi/*", "/version")));
    }

    /** What each service account may do, beside what everybody may: get the certificate of its own identity. */
    static List<Rule> accounts() {
        return List.of(Rule.ofResources(List.of("create"), CERTIFICATES, List.of("certificatesigningrequests")));
    }

    /** Shows the roles as ClusterRoles in the store, anew where they changed with the program. */
    public void write(ObjectStore store, InstantSource clock) {
        roles.forEach((name, rules) -> {
            StoreKey key = new StoreKey(GROUP, "clusterroles", "", name);
            StoredObject present = store.find(key);
            ArrayNode shown = JsonNodeFactory.instance.arrayNode();
            rules.forEach(rule -> shown.add(rule.toJson()));
            if (present == null) {
                store.create(key, clusterRole(name, clock).set("rules", shown));
            } else if (!shown.equals(present.body().get("rules"))) {
                ObjectNode next = present.body().deepCopy();
                next.set("rules", shown);
                store.update(key, next, 0);
            }
        });
    }

    private static ObjectNode clusterRole(String name, InstantSource clock) {
        ObjectNode role = JsonNodeFactory.instance
                .objectNode()
                .put("apiVersion", GROUP + "/v1")
                .put("kind", "ClusterRole");
        role.putObject("metadata")
                .put("name", name)
                .put("uid", UUID.randomUUID().toString())
                .put(
                        "creationTimestamp",
                        clock.instant().truncatedTo(ChronoUnit.SECONDS).toString());
        return role;
    }
}
