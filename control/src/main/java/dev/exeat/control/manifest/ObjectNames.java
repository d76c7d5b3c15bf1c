package dev.exeat.control.manifest;

import java.util.Set;

/** The rules for names of objects, as Kubernetes has them (RFC 1123 labels and subdomains). */
final class ObjectNames {
    private static final int MAX_NAME = 253;
    private static final int MAX_LABEL = 63;
    private static final Set<String> CLUSTER_SCOPED = Set.of(
            "Namespace",
            "Node",
            "PersistentVolume",
            "CustomResourceDefinition",
            "ClusterRole",
            "ClusterRoleBinding",
            "StorageClass",
            "PriorityClass",
            "IngressClass",
            "APIService",
            "MutatingWebhookConfiguration",
            "ValidatingWebhookConfiguration");

    private ObjectNames() {}

    static boolean isClusterScoped(String kind) {
        return CLUSTER_SCOPED.contains(kind);
    }

    /** Why the text is no name of an object, or an empty text if it is one. */
    static String faultOfName(String group, String name) {
        if (name.length() > MAX_NAME) {
            return "it is longer than " + MAX_NAME + " characters";
        }
        // Roles are named with colons, for example system:node; nothing else may be.
        String checked = group.equals("rbac.authorization.k8s.io") ? name.replace(':', '.') : name;
        for (String label : checked.split("\\.", -1)) {
            if (!isLabel(label, MAX_NAME)) {
                return "only a-z, 0-9, '-' and '.' are allowed, and each part begins and ends with a letter or digit";
            }
        }
        return "";
    }

    /** Why the text is no name of a namespace, or an empty text if it is one. */
    static String faultOfNamespace(String namespace) {
        return isLabel(namespace, MAX_LABEL)
                ? ""
                : "only a-z, 0-9 and '-' are allowed, at most " + MAX_LABEL + ", with a letter or digit at both ends";
    }

    static boolean isKind(String kind) {
        return kind.length() <= MAX_LABEL && kind.chars().allMatch(ObjectNames::isLetterOrDigit) && !kind.isEmpty();
    }

    /** {@code v1} or {@code group/v1alpha2}. */
    static boolean isApiVersion(String apiVersion) {
        int slash = apiVersion.indexOf('/');
        String group = slash < 0 ? "" : apiVersion.substring(0, slash);
        return isLabel(apiVersion.substring(slash + 1), MAX_LABEL)
                && (slash < 0 || faultOfName("", group).isEmpty());
    }

    private static boolean isLabel(String label, int max) {
        if (label.isEmpty() || label.length() > max || label.startsWith("-") || label.endsWith("-")) {
            return false;
        }
        return label.chars().allMatch(c -> (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-');
    }

    private static boolean isLetterOrDigit(int c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }
}
