package dev.exeat.policy.authorization;

import dev.exeat.model.Attempt;
import dev.exeat.model.Cidr;
import dev.exeat.policy.stage.NearName;
import java.util.List;
import java.util.Set;

/** One field of a rule: some value must match, and no negated one may. Immutable. */
sealed interface AttemptTest {
    boolean holds(Attempt attempt);

    /** Why it does not hold, for people; may hold text of the client. */
    String miss(Attempt attempt);

    /** Whether the test that does not hold would, but for the port or a label of the host. */
    default boolean isNear(Attempt attempt) {
        return false;
    }

    /**
     * A text of the attempt.
     *
     * @param field as the policy spells it
     * @param any of which one must match; empty where only negated values are given. What has no value matches none
     * @param none of which none may match
     */
    record OfText(String field, TextSource source, List<TextMatch> any, List<TextMatch> none) implements AttemptTest {
        public OfText {
            any = List.copyOf(any);
            none = List.copyOf(none);
        }

        @Override
        public boolean holds(Attempt attempt) {
            String value = source.of(attempt);
            if (value == null) {
                return any.isEmpty();
            }
            return (any.isEmpty() || matches(any, value)) && !matches(none, value);
        }

        private static boolean matches(List<TextMatch> matches, String value) {
            for (TextMatch match : matches) {
                if (match.matches(value)) {
                    return true;
                }
            }
            return false;
        }

        @Override
        public String miss(Attempt attempt) {
            String value = source.of(attempt);
            if (value == null) {
                return field + ": the client has none";
            }
            return any.isEmpty() || matches(any, value)
                    ? field + ": \"" + value + "\" is among those excluded"
                    : field + ": \"" + value + "\" is none of " + Listing.of(any);
        }

        @Override
        public boolean isNear(Attempt attempt) {
            String name = attempt.target().host().value();
            return source == TextSource.SERVER_NAME
                    && !matches(any, name)
                    && any.stream()
                            .anyMatch(match ->
                                    !NearName.of(name, match.toString()).isEmpty());
        }
    }

    /** The address that the connection comes from, as the socket tells it. */
    record OfSource(String field, List<Cidr> any, List<Cidr> none) implements AttemptTest {
        public OfSource {
            any = List.copyOf(any);
            none = List.copyOf(none);
        }

        @Override
        public boolean holds(Attempt attempt) {
            return (any.isEmpty() || contains(any, attempt)) && !contains(none, attempt);
        }

        private static boolean contains(List<Cidr> blocks, Attempt attempt) {
            for (Cidr block : blocks) {
                if (block.contains(attempt.sourceAddress())) {
                    return true;
                }
            }
            return false;
        }

        @Override
        public String miss(Attempt attempt) {
            return any.isEmpty() || contains(any, attempt)
                    ? field + ": " + attempt.sourceAddress() + " is among those excluded"
                    : field + ": " + attempt.sourceAddress() + " is in none of " + Listing.of(any);
        }
    }

    /** The port that the client asks for. */
    record OfPort(String field, Set<Integer> any, Set<Integer> none) implements AttemptTest {
        public OfPort {
            any = Set.copyOf(any);
            none = Set.copyOf(none);
        }

        @Override
        public boolean holds(Attempt attempt) {
            int port = attempt.target().port();
            return (any.isEmpty() || any.contains(port)) && !none.contains(port);
        }

        @Override
        public String miss(Attempt attempt) {
            int port = attempt.target().port();
            return none.contains(port)
                    ? field + ": " + port + " is among those excluded"
                    : field + ": " + port + " is none of "
                            + Listing.of(any.stream().sorted().toList());
        }

        @Override
        public boolean isNear(Attempt attempt) {
            return !none.contains(attempt.target().port());
        }
    }
}
