package dev.exeat.policy.egress;

import dev.exeat.model.Attempt;
import dev.exeat.model.Cidr;
import dev.exeat.model.SpiffeId;
import dev.exeat.policy.index.Subjects;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whom a policy selects, with labels looked up: all that is given must hold. Immutable.
 *
 * @param namespaces of clients of the gateway's own trust domain, or null where it does not matter
 * @param ids identities, or null where they do not matter
 * @param patterns one of which the identity must match; empty where it does not matter
 * @param blocks one of which must hold the source address, of a client without an identity; empty where not asked for
 */
record LinkedSource(
        String trustDomain,
        @Nullable Set<String> namespaces,
        @Nullable Set<SpiffeId> ids,
        List<SpiffePattern> patterns,
        List<Cidr> blocks) {

    LinkedSource {
        namespaces = namespaces == null ? null : Set.copyOf(namespaces);
        ids = ids == null ? null : Set.copyOf(ids);
        patterns = List.copyOf(patterns);
        blocks = List.copyOf(blocks);
    }

    static boolean anySelects(List<LinkedSource> sources, Attempt attempt) {
        for (LinkedSource source : sources) {
            if (source.selects(attempt)) {
                return true;
            }
        }
        return false;
    }

    private boolean selects(Attempt attempt) {
        SpiffeId id = attempt.source();
        if (id == null) {
            return namespaces == null && ids == null && patterns.isEmpty() && (blocks.isEmpty() || holds(attempt));
        }
        if (!blocks.isEmpty() || (ids != null && !ids.contains(id))) {
            return false;
        }
        return inNamespaces(id) && matchesPattern(id);
    }

    private boolean holds(Attempt attempt) {
        for (Cidr block : blocks) {
            if (block.contains(attempt.sourceAddress())) {
                return true;
            }
        }
        return false;
    }

    private boolean inNamespaces(SpiffeId id) {
        if (namespaces == null) {
            return true;
        }
        String namespace = id.namespace();
        return namespace != null && id.trustDomain().equals(trustDomain) && namespaces.contains(namespace);
    }

    private boolean matchesPattern(SpiffeId id) {
        if (patterns.isEmpty()) {
            return true;
        }
        for (SpiffePattern pattern : patterns) {
            if (pattern.matches(id)) {
                return true;
            }
        }
        return false;
    }

    /** By what the policy can be found. */
    Subjects subjects() {
        if (ids != null) {
            return new Subjects.Identities(ids);
        }
        return namespaces != null ? new Subjects.Namespaces(namespaces) : Subjects.ANYONE;
    }
}
