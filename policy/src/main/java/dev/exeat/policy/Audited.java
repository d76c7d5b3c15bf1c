package dev.exeat.policy;

import dev.exeat.model.ObjectKey;
import dev.exeat.model.Resource;
import dev.exeat.model.SpiffeId;
import dev.exeat.policy.manifest.Findings;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The namespaces and identities whose connections policies only watch, by the annotation
 * {@code exeat.dev/enforcement: audit} of their Namespace and ServiceAccount objects. Immutable.
 *
 * @param accounts as {@code namespace/name}
 */
record Audited(String trustDomain, Set<String> namespaces, Set<String> accounts) {
    static final String ANNOTATION = "exeat.dev/enforcement";
    private static final String AUDIT = "audit";
    private static final String ENFORCE = "enforce";

    static Audited of(String trustDomain, Collection<Resource> resources) {
        Set<String> namespaces = new HashSet<>();
        Set<String> accounts = new HashSet<>();
        for (Resource resource : resources) {
            ObjectKey key = resource.key();
            if (!key.group().isEmpty() || !AUDIT.equals(resource.annotations().get(ANNOTATION))) {
                continue;
            }
            if (key.kind().equals("Namespace")) {
                namespaces.add(key.name());
            } else if (key.kind().equals("ServiceAccount")) {
                accounts.add(key.namespace() + "/" + key.name());
            }
        }
        return new Audited(trustDomain, Set.copyOf(namespaces), Set.copyOf(accounts));
    }

    /** Reports an annotation that says something else. */
    static void check(Resource resource, Findings findings) {
        String value = resource.annotations().get(ANNOTATION);
        if (value != null && !value.equals(AUDIT) && !value.equals(ENFORCE)) {
            findings.error(
                    "invalid-value",
                    resource.place(),
                    "metadata.annotations." + ANNOTATION,
                    "\"" + value + "\" is neither " + AUDIT + " nor " + ENFORCE,
                    "use \"audit\" to watch only, or remove the annotation");
        }
    }

    boolean covers(@Nullable SpiffeId source) {
        if (source == null || (namespaces.isEmpty() && accounts.isEmpty())) {
            return false;
        }
        String namespace = source.namespace();
        return namespace != null
                && source.trustDomain().equals(trustDomain)
                && (namespaces.contains(namespace) || accounts.contains(namespace + "/" + source.serviceAccount()));
    }
}
