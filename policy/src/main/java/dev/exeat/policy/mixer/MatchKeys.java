package dev.exeat.policy.mixer;

import dev.exeat.model.HostPattern;
import dev.exeat.model.InvalidNameException;
import dev.exeat.model.SpiffeId;
import dev.exeat.policy.cexl.Expression;
import dev.exeat.policy.index.Subjects;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * By which identities and hosts a match can be found: outside of them it does not hold. They come from comparisons of
 * the principal, the namespace and the server name with texts, and what {@code &&} and {@code ||} make of them.
 *
 * @param subjects whose connections it may match
 * @param hosts one of which covers any host that it may match; null for any
 * @param absentFails whether it cannot be evaluated where the client has no identity or namespace
 * @param certain whether nothing else makes its evaluation fail
 */
record MatchKeys(Subjects subjects, @Nullable List<HostPattern> hosts, boolean absentFails, boolean certain) {
    private static final List<HostPattern> ANY_HOST = List.of(HostPattern.parse("*"));
    private static final MatchKeys UNKNOWN = new MatchKeys(Subjects.ANYONE, null, false, false);
    private static final String NAMESPACE = "source.namespace";

    /**
     * The keys of a match.
     *
     * @param failures whether a match that fails counts: then a part may be relied on only if none before it can fail
     */
    static MatchKeys of(@Nullable Expression match, boolean failures) {
        if (match == null) {
            return UNKNOWN;
        }
        List<Expression> both = Expression.operands(match, "LAND");
        if (both != null) {
            MatchKeys left = of(both.get(0), failures);
            MatchKeys right = of(both.get(1), failures);
            return !failures || left.certain ? left.and(right) : left.uncertain();
        }
        List<Expression> either = Expression.operands(match, "LOR");
        if (either != null) {
            return of(either.get(0), failures).or(of(either.get(1), failures));
        }
        MatchKeys found = ofComparison(match);
        return found == null ? UNKNOWN : found;
    }

    /** The hosts as patterns. */
    List<HostPattern> patterns() {
        return hosts == null ? ANY_HOST : hosts;
    }

    private MatchKeys uncertain() {
        return new MatchKeys(subjects, hosts, absentFails, false);
    }

    private MatchKeys and(MatchKeys other) {
        return new MatchKeys(
                narrower(subjects, other.subjects),
                hosts == null ? other.hosts : hosts,
                absentFails || other.absentFails,
                certain && other.certain);
    }

    private static Subjects narrower(Subjects left, Subjects right) {
        boolean first = left instanceof Subjects.Identities
                || right instanceof Subjects.Anyone
                || (left instanceof Subjects.Namespaces && right instanceof Subjects.Namespaces);
        return first ? left : right;
    }

    private MatchKeys or(MatchKeys other) {
        List<HostPattern> joined = null;
        if (hosts != null && other.hosts != null) {
            joined = new ArrayList<>(hosts);
            joined.addAll(other.hosts);
        }
        return new MatchKeys(
                join(subjects, other.subjects), joined, absentFails || other.absentFails, certain && other.certain);
    }

    private static Subjects join(Subjects left, Subjects right) {
        if (left instanceof Subjects.Identities(var some) && right instanceof Subjects.Identities(var others)) {
            return new Subjects.Identities(union(some, others));
        }
        if (left instanceof Subjects.Namespaces(var some) && right instanceof Subjects.Namespaces(var others)) {
            return new Subjects.Namespaces(union(some, others));
        }
        return Subjects.ANYONE;
    }

    private static <T> Set<T> union(Set<T> left, Set<T> right) {
        Set<T> union = new HashSet<>(left);
        union.addAll(right);
        return union;
    }

    private static @Nullable MatchKeys ofComparison(Expression part) {
        if (!(part instanceof Expression.Call call)) {
            return null;
        }
        Expression last = call.arguments().isEmpty() ? null : call.arguments().getLast();
        List<Expression> sides = Expression.operands(part, "EQ");
        if (sides != null) {
            MatchKeys keys = ofEqual(sides.get(0), sides.get(1));
            return keys != null ? keys : ofEqual(sides.get(1), sides.get(0));
        }
        String text = text(last);
        if (text == null) {
            return null;
        }
        if (call.function().equals("match")) {
            boolean suffix = text.startsWith("*") && !text.endsWith("*");
            return suffix ? ofSuffix(call.arguments().getFirst(), text.substring(1)) : null;
        }
        return call.function().equals("endsWith") && call.target() != null ? ofSuffix(call.target(), text) : null;
    }

    private static @Nullable MatchKeys ofEqual(Expression side, Expression other) {
        String value = text(other);
        Compared compared = value == null ? null : Compared.of(side);
        if (value == null || compared == null || value.equals(compared.fallback())) {
            return null;
        }
        boolean absentFails = compared.fallback() == null;
        return switch (compared.attribute()) {
            case StandardAttributes.PRINCIPAL ->
                new MatchKeys(new Subjects.Identities(identity(value)), null, absentFails, true);
            case NAMESPACE -> new MatchKeys(new Subjects.Namespaces(Set.of(value)), null, absentFails, true);
            // There always is a name.
            case StandardAttributes.SERVER_NAME -> new MatchKeys(Subjects.ANYONE, name(value), false, true);
            default -> null;
        };
    }

    /** Only a suffix of whole labels is one that a host can be found by. */
    private static @Nullable MatchKeys ofSuffix(Expression side, String suffix) {
        Compared compared = Compared.of(side);
        return compared != null && compared.attribute().equals(StandardAttributes.SERVER_NAME) && suffix.startsWith(".")
                ? new MatchKeys(Subjects.ANYONE, name("*" + suffix), false, true)
                : null;
    }

    /** A text that is no SPIFFE ID is nobody's. */
    private static Set<SpiffeId> identity(String principal) {
        try {
            return Set.of(SpiffeId.parse(SpiffeId.SCHEME + principal));
        } catch (InvalidNameException e) {
            return Set.of();
        }
    }

    /** Null where the text is written as no name is, so that nothing is found by it. */
    private static @Nullable List<HostPattern> name(String text) {
        try {
            HostPattern pattern = HostPattern.parse(text);
            return pattern.toString().equals(text) ? List.of(pattern) : null;
        } catch (InvalidNameException e) {
            return null;
        }
    }

    private static @Nullable String text(@Nullable Expression expression) {
        return expression instanceof Expression.Constant constant && constant.value() instanceof String text
                ? text
                : null;
    }

    /**
     * An attribute, perhaps with a text in its place: {@code attribute | "text"}.
     *
     * @param fallback null where there is none
     */
    private record Compared(String attribute, @Nullable String fallback) {
        static @Nullable Compared of(Expression side) {
            if (side instanceof Expression.Variable variable) {
                return new Compared(variable.name(), null);
            }
            List<Expression> choice = Expression.operands(side, "OR");
            String fallback = choice == null ? null : text(choice.get(1));
            return choice != null && choice.get(0) instanceof Expression.Variable variable && fallback != null
                    ? new Compared(variable.name(), fallback)
                    : null;
        }
    }
}
