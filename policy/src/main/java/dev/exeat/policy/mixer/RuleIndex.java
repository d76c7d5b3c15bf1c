package dev.exeat.policy.mixer;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Finds the rules that may match, without trying those whose namespace, principal or server name is another's, so that
 * the time of a decision does not grow with the number of rules. Immutable and thread-safe.
 */
final class RuleIndex {
    private final Bucket root;
    private final Map<String, Bucket> byNamespace;

    /**
     * @param failures whether a match that cannot be evaluated counts, so that none may be skipped
     */
    RuleIndex(Iterable<LinkedRule> rules, String rootNamespace, boolean failures) {
        Map<String, Bucket> buckets = new HashMap<>();
        for (LinkedRule rule : rules) {
            buckets.computeIfAbsent(rule.key().namespace(), namespace -> new Bucket())
                    .add(rule, failures);
        }
        Bucket ofRoot = buckets.remove(rootNamespace);
        this.root = ofRoot == null ? new Bucket() : ofRoot;
        this.byNamespace = Map.copyOf(buckets);
    }

    /** Hands over the rules of the root namespace and of the client's that may match; in no order. */
    void candidates(ConnectionAttributes attributes, Consumer<LinkedRule> consumer) {
        root.candidates(attributes, consumer);
        Bucket own = bucketOf(attributes.namespace());
        if (own != null) {
            own.candidates(attributes, consumer);
        }
    }

    private @Nullable Bucket bucketOf(@Nullable String namespace) {
        return namespace == null ? null : byNamespace.get(namespace);
    }

    /** The rules of one namespace; changed only while it is built. */
    private static final class Bucket {
        private final List<LinkedRule> always = new ArrayList<>();
        private final Map<String, List<LinkedRule>> byPrincipal = new HashMap<>();
        private final Map<String, List<LinkedRule>> byServerName = new HashMap<>();
        private final List<LinkedRule> withoutPrincipal = new ArrayList<>();

        void add(LinkedRule rule, boolean failures) {
            IndexKey key =
                    rule.match() == null ? null : IndexKey.of(rule.match().syntax(), failures);
            if (key == null) {
                always.add(rule);
            } else if (key.attribute().equals(StandardAttributes.SERVER_NAME)) {
                byServerName
                        .computeIfAbsent(key.value(), name -> new ArrayList<>(1))
                        .add(rule);
            } else {
                byPrincipal
                        .computeIfAbsent(key.value(), principal -> new ArrayList<>(1))
                        .add(rule);
                if (failures && key.absentFails()) {
                    withoutPrincipal.add(rule);
                }
            }
        }

        void candidates(ConnectionAttributes attributes, Consumer<LinkedRule> consumer) {
            always.forEach(consumer);
            byServerName.getOrDefault(attributes.serverName(), List.of()).forEach(consumer);
            String principal = attributes.principal();
            (principal == null ? withoutPrincipal : byPrincipal.getOrDefault(principal, List.of())).forEach(consumer);
        }
    }
}
