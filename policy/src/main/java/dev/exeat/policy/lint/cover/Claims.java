package dev.exeat.policy.lint.cover;

import dev.exeat.policy.lint.cover.Claim.Axis;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Claims, to be asked which of them covers another. Each is found by the terms of its first axis. Where many share a term
 * only some are tried, so that the time of a question has a bound: what is found is true, but not everything is found.
 */
public final class Claims {
    private static final int MAX_TRIED = 64;
    private static final Comparator<Claim> BY_NAME =
            Comparator.comparing(Claim::object).thenComparingInt(Claim::entry);

    private final Map<Axis, Map<Term, List<Claim>>> byTerm = new EnumMap<>(Axis.class);
    private final List<Claim> unrestricted = new ArrayList<>();

    public Claims(Collection<Claim> claims) {
        claims.stream().sorted(BY_NAME).forEach(this::add);
    }

    private void add(Claim claim) {
        Axis first =
                claim.axes().keySet().stream().min(Comparator.naturalOrder()).orElse(null);
        if (first == null) {
            unrestricted.add(claim);
            return;
        }
        Map<Term, List<Claim>> terms = byTerm.computeIfAbsent(first, _ -> new HashMap<>());
        claim.axes()
                .getOrDefault(first, Set.of())
                .forEach(term ->
                        terms.computeIfAbsent(term, _ -> new ArrayList<>(1)).add(claim));
    }

    /** A claim of another entry that holds wherever this one does; null where none is found. */
    public @Nullable Claim covering(Claim claim) {
        return find(claim, other -> other.covers(claim));
    }

    /** The same, but of two that cover each other only the one that comes first by name. */
    public @Nullable Claim widerThan(Claim claim, Claim whole) {
        return find(claim, other -> other.covers(claim) && (BY_NAME.compare(other, whole) < 0 || !whole.covers(other)));
    }

    private interface Question {
        boolean holds(Claim other);
    }

    private @Nullable Claim find(Claim claim, Question question) {
        Claim found = first(unrestricted, claim, question);
        for (Map.Entry<Axis, Map<Term, List<Claim>>> axis : byTerm.entrySet()) {
            Set<Term> terms = found != null ? null : claim.axes().get(axis.getKey());
            // A claim that covers all terms covers any one of them.
            if (terms != null && !terms.isEmpty()) {
                for (Term covering : terms.iterator().next().covering()) {
                    found = found != null
                            ? found
                            : first(axis.getValue().getOrDefault(covering, List.of()), claim, question);
                }
            }
        }
        return found;
    }

    private static @Nullable Claim first(List<Claim> candidates, Claim claim, Question question) {
        for (Claim candidate : candidates.subList(0, Math.min(MAX_TRIED, candidates.size()))) {
            if (!candidate.isOf(claim) && question.holds(candidate)) {
                return candidate;
            }
        }
        return null;
    }
}
