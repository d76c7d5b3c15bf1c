package dev.exeat.policy.mixer;

import dev.exeat.policy.index.AttemptIndex;
import dev.exeat.policy.index.EntryTable;
import dev.exeat.policy.index.Table;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Finds the rules that may match, without trying those whose namespace, principal or server name is another's, so that
 * the time of a decision does not grow with the number of rules. Never changes: an edit makes another one. Immutable and
 * thread-safe.
 */
final class RuleIndex {
    private static final Boolean ABSENT = true;

    private final Table<String, Bucket> byNamespace;
    private final String rootNamespace;
    private final boolean failures;

    /** The rules of one namespace: by what they match, and those that fail where the client has no identity. */
    private record Bucket(AttemptIndex<LinkedRule> matching, EntryTable<Boolean, LinkedRule> failing) {
        static final Bucket EMPTY =
                new Bucket(AttemptIndex.empty(LinkedRule.BY_NAME), EntryTable.empty(LinkedRule.BY_NAME));
    }

    private RuleIndex(Table<String, Bucket> byNamespace, String rootNamespace, boolean failures) {
        this.byNamespace = byNamespace;
        this.rootNamespace = rootNamespace;
        this.failures = failures;
    }

    /**
     * @param failures whether a match that cannot be evaluated counts, so that none may be skipped
     */
    static RuleIndex empty(String rootNamespace, boolean failures) {
        return new RuleIndex(Table.empty(), rootNamespace, failures);
    }

    boolean isEmpty() {
        return byNamespace.isEmpty();
    }

    /** Hands over the rules of the root namespace and of the client's that may match; in no order, some twice. */
    void candidates(ConnectionAttributes attributes, Consumer<LinkedRule> consumer) {
        candidates(byNamespace.get(rootNamespace), attributes, consumer);
        String own = attributes.namespace();
        if (own != null && !own.equals(rootNamespace)) {
            candidates(byNamespace.get(own), attributes, consumer);
        }
    }

    private static void candidates(
            @Nullable Bucket bucket, ConnectionAttributes attributes, Consumer<LinkedRule> consumer) {
        if (bucket == null) {
            return;
        }
        bucket.matching().candidates(attributes.attempt(), consumer);
        if (attributes.principal() == null || attributes.namespace() == null) {
            bucket.failing().get(ABSENT).forEach(consumer);
        }
    }

    Edit edit() {
        return new Edit(this);
    }

    /** An index in the making. Not thread-safe; of no use once it is done. */
    static final class Edit {
        private final RuleIndex before;
        private final Map<String, BucketEdit> buckets = new HashMap<>();

        private record BucketEdit(
                AttemptIndex.Edit<LinkedRule> matching, EntryTable.Edit<Boolean, LinkedRule> failing) {}

        private Edit(RuleIndex before) {
            this.before = before;
        }

        void add(LinkedRule rule) {
            MatchKeys keys = keys(rule);
            BucketEdit bucket = bucket(rule);
            bucket.matching().add(keys.subjects(), keys.patterns(), rule);
            if (before.failures && keys.absentFails()) {
                bucket.failing().add(ABSENT, rule);
            }
        }

        void remove(LinkedRule rule) {
            MatchKeys keys = keys(rule);
            BucketEdit bucket = bucket(rule);
            bucket.matching().remove(keys.subjects(), keys.patterns(), rule);
            if (before.failures && keys.absentFails()) {
                bucket.failing().remove(ABSENT, rule);
            }
        }

        private MatchKeys keys(LinkedRule rule) {
            return MatchKeys.of(rule.match() == null ? null : rule.match().syntax(), before.failures);
        }

        private BucketEdit bucket(LinkedRule rule) {
            return buckets.computeIfAbsent(rule.key().namespace(), namespace -> {
                Bucket known = before.byNamespace.get(namespace);
                Bucket bucket = known == null ? Bucket.EMPTY : known;
                return new BucketEdit(bucket.matching().edit(), bucket.failing().edit());
            });
        }

        RuleIndex done() {
            Table.Edit<String, Bucket> table = before.byNamespace.edit();
            buckets.forEach((namespace, edit) -> {
                Bucket bucket =
                        new Bucket(edit.matching().done(), edit.failing().done());
                // Whatever fails is among those that may match.
                if (bucket.matching().isEmpty()) {
                    table.remove(namespace);
                } else {
                    table.put(namespace, bucket);
                }
            });
            return new RuleIndex(table.done(), before.rootNamespace, before.failures);
        }
    }
}
