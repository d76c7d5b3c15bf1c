package dev.exeat.policy.authorization;

import dev.exeat.model.HostPattern;
import dev.exeat.model.InvalidNameException;
import dev.exeat.model.SpiffeId;
import dev.exeat.policy.authorization.AttemptTest.OfText;
import dev.exeat.policy.authorization.AuthorizationPolicy.Rule;
import dev.exeat.policy.index.Subjects;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** By which identities and hosts a rule can be found: never fewer than it may match. */
final class RuleKeys {
    private static final List<HostPattern> ANY_HOST = List.of(HostPattern.parse("*"));

    private RuleKeys() {}

    static Subjects subjects(Rule rule) {
        for (AttemptTest test : rule.when()) {
            Subjects subjects = subjects(List.of(List.of(test)));
            if (!(subjects instanceof Subjects.Anyone)) {
                return subjects;
            }
        }
        return subjects(rule.from());
    }

    /** Identities if every source names some, else namespaces if every source names some, else anyone. */
    private static Subjects subjects(List<List<AttemptTest>> sources) {
        Set<SpiffeId> identities = new HashSet<>();
        Set<String> namespaces = new HashSet<>();
        boolean byIdentity = !sources.isEmpty();
        boolean byNamespace = !sources.isEmpty();
        for (List<AttemptTest> source : sources) {
            Set<String> principals = exact(source, TextSource.PRINCIPAL);
            Set<String> names = exact(source, TextSource.NAMESPACE);
            byIdentity &= principals != null;
            byNamespace &= names != null;
            if (principals != null) {
                principals.forEach(principal -> addIdentity(principal, identities));
            }
            if (names != null) {
                namespaces.addAll(names);
            }
        }
        if (byIdentity) {
            return new Subjects.Identities(identities);
        }
        return byNamespace ? new Subjects.Namespaces(namespaces) : Subjects.ANYONE;
    }

    /** A text that is no SPIFFE ID is nobody's. */
    private static void addIdentity(String principal, Set<SpiffeId> identities) {
        try {
            identities.add(SpiffeId.parse(SpiffeId.SCHEME + principal));
        } catch (InvalidNameException e) {
            // Nothing to find the rule by.
        }
    }

    static List<HostPattern> hosts(Rule rule) {
        for (AttemptTest test : rule.when()) {
            if (test instanceof OfText text
                    && text.source() == TextSource.SERVER_NAME
                    && !text.any().isEmpty()) {
                List<HostPattern> hosts = patterns(text.any());
                if (hosts != null) {
                    return hosts;
                }
            }
        }
        return ANY_HOST;
    }

    private static @Nullable List<HostPattern> patterns(List<TextMatch> matches) {
        List<HostPattern> patterns = new ArrayList<>();
        for (TextMatch match : matches) {
            boolean host = match instanceof TextMatch.Exact
                    || (match instanceof TextMatch.Suffix suffix
                            && suffix.text().startsWith("."));
            if (!host) {
                return null;
            }
            try {
                patterns.add(HostPattern.parse(match.toString()));
            } catch (InvalidNameException e) {
                // No server name is like that, so that nothing is to be found by it.
            }
        }
        return patterns;
    }

    /** The values of which the source must have one, or null where it may have others. */
    private static @Nullable Set<String> exact(List<AttemptTest> tests, TextSource of) {
        for (AttemptTest test : tests) {
            if (test instanceof OfText text
                    && text.source() == of
                    && !text.any().isEmpty()
                    && text.any().stream().allMatch(TextMatch.Exact.class::isInstance)) {
                Set<String> values = new HashSet<>();
                text.any().forEach(match -> values.add(match.toString()));
                return values;
            }
        }
        return null;
    }
}
