package dev.exeat.policy.egress;

import dev.exeat.model.ObjectKey;
import dev.exeat.model.Resource;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The namespaces and service accounts that objects declare, with their labels.
 *
 * @param namespaces labels by name
 * @param accounts labels by {@code namespace/name}
 */
public record Identities(Map<String, Map<String, String>> namespaces, Map<String, Map<String, String>> accounts) {
    /** The label that every namespace has in a cluster. */
    private static final String NAME_LABEL = "kubernetes.io/metadata.name";

    public Identities {
        namespaces = Map.copyOf(namespaces);
        accounts = Map.copyOf(accounts);
    }

    /** Whether the object is a namespace or a service account. */
    public static boolean isDeclaredBy(Resource resource) {
        ObjectKey key = resource.key();
        return key.group().isEmpty()
                && (key.kind().equals("Namespace") || key.kind().equals("ServiceAccount"));
    }

    public static Identities of(Collection<Resource> resources) {
        Map<String, Map<String, String>> namespaces = new HashMap<>();
        Map<String, Map<String, String>> accounts = new HashMap<>();
        for (Resource resource : resources) {
            ObjectKey key = resource.key();
            if (!key.group().isEmpty()) {
                continue;
            }
            if (key.kind().equals("Namespace")) {
                Map<String, String> labels = new HashMap<>(resource.labels());
                labels.put(NAME_LABEL, key.name());
                namespaces.put(key.name(), labels);
            } else if (key.kind().equals("ServiceAccount")) {
                accounts.put(key.namespace() + "/" + key.name(), resource.labels());
            }
        }
        return new Identities(namespaces, accounts);
    }

    /** The namespaces with labels that the selector asks for. A namespace without an object has only its name. */
    Set<String> namespaces(LabelSelector selector) {
        return matching(namespaces, selector);
    }

    Set<String> accounts(LabelSelector selector) {
        return matching(accounts, selector);
    }

    private static Set<String> matching(Map<String, Map<String, String>> labelled, LabelSelector selector) {
        Set<String> names = new TreeSet<>();
        labelled.forEach((name, labels) -> {
            if (selector.matches(labels)) {
                names.add(name);
            }
        });
        return names;
    }
}
