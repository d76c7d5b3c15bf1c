package dev.exeat.control.importing;

import dev.exeat.control.importing.SquidFile.Directive;
import dev.exeat.model.HostPattern;
import dev.exeat.model.Place;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A rule of Squid: all its lists must hold.
 *
 * @param condition what the lists without a ! ask
 * @param exceptHosts hosts that it is not for, by a list with a !
 * @param negated the list with a ! where the rule has just that one, else null
 * @param leftOut why lists of it could not be read, for people
 */
record SquidRule(
        Place place,
        String text,
        boolean allows,
        SquidCondition condition,
        List<HostPattern> exceptHosts,
        @Nullable SquidAcl negated,
        List<String> leftOut) {
    SquidRule {
        exceptHosts = List.copyOf(exceptHosts);
        leftOut = List.copyOf(leftOut);
    }

    static SquidRule everything(Place place) {
        return new SquidRule(place, "everything else", true, SquidCondition.NONE, List.of(), null, List.of());
    }

    /** Null where it matches no tunnel of TLS. */
    static @Nullable SquidRule read(Directive directive, SquidAcls acls) {
        List<String> arguments = directive.arguments();
        if (arguments.isEmpty()) {
            throw new ImportException(directive.place(), directive.name() + " says nothing", "");
        }
        Reading reading = new Reading();
        for (String word : arguments.subList(1, arguments.size())) {
            boolean not = word.startsWith("!");
            SquidAcl acl = acls.of(not ? word.substring(1) : word);
            boolean never = not ? acl instanceof SquidAcl.Always : acl instanceof SquidAcl.Never;
            if (never) {
                return null;
            }
            reading.add(word, not, acl);
        }
        boolean allows = arguments.getFirst().equals("allow");
        if (!allows
                && directive.name().equals("http_access")
                && !arguments.getFirst().equals("deny")) {
            throw new ImportException(directive.place(), "http_access neither allows nor denies", "");
        }
        return reading.rule(directive, allows);
    }

    /** Adds up the lists of a rule. */
    private static final class Reading {
        private SquidCondition condition = SquidCondition.NONE;
        private final List<SquidAcl> negated = new ArrayList<>();
        private final List<HostPattern> exceptHosts = new ArrayList<>();
        private final List<String> leftOut = new ArrayList<>();

        void add(String word, boolean not, SquidAcl acl) {
            switch (acl) {
                case SquidAcl.Unclear(String why) -> leftOut.add(word + ": " + why);
                case SquidAcl.Always _, SquidAcl.Never _ -> {
                    // It makes no difference.
                }
                default -> {
                    if (not) {
                        negated.add(acl);
                    } else {
                        condition = condition.and(acl);
                    }
                }
            }
        }

        SquidRule rule(Directive directive, boolean allows) {
            boolean alone = negated.size() == 1 && condition.isNone() && leftOut.isEmpty();
            for (SquidAcl acl : negated) {
                if (acl instanceof SquidAcl.Hosts(List<HostPattern> hosts) && allows) {
                    exceptHosts.addAll(hosts);
                } else if (!alone || allows) {
                    leftOut.add("a list with a ! beside others has no counterpart");
                }
            }
            return new SquidRule(
                    directive.place(),
                    directive.toString(),
                    allows,
                    condition,
                    exceptHosts,
                    alone ? negated.getFirst() : null,
                    leftOut);
        }
    }

    /** What everything else must hold, in a denial of all that does not hold it; else null. */
    @Nullable
    SquidAcl onlyNegated() {
        return allows ? null : negated;
    }

    boolean matchesEverything() {
        return condition.isNone() && exceptHosts.isEmpty() && negated == null && leftOut.isEmpty();
    }
}
