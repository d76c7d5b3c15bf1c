package dev.exeat.policy.egress;

import dev.exeat.model.Attempt;
import dev.exeat.model.Cidr;
import dev.exeat.model.HostPattern;
import dev.exeat.model.PolicyRef;
import dev.exeat.policy.egress.EgressPolicy.Action;
import dev.exeat.policy.egress.EgressPolicy.Mode;
import dev.exeat.policy.egress.EgressPolicy.Tier;
import dev.exeat.policy.stage.Miss;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One destination of a policy, with everything looked up. Immutable.
 *
 * @param hosts empty where nothing is covered
 * @param ports empty for every port
 * @param failure why it stands for every host, being a denial that could not be read in full; empty else
 */
record EgressRule(
        EgressPolicy policy,
        int index,
        List<LinkedSource> sources,
        List<HostPattern> hosts,
        Set<Integer> ports,
        List<Cidr> exceptions,
        String failure) {
    /** The platform's first, then by name: which of several rules is named never depends on the order of files. */
    static final Comparator<EgressRule> BY_RANK = Comparator.<EgressRule, Tier>comparing(
                    rule -> rule.policy().tier())
            .thenComparing(rule -> rule.policy().key())
            .thenComparingInt(EgressRule::index);

    EgressRule {
        sources = List.copyOf(sources);
        hosts = List.copyOf(hosts);
        ports = Set.copyOf(ports);
        exceptions = List.copyOf(exceptions);
    }

    PolicyRef ref() {
        return new PolicyRef(policy.key(), index);
    }

    /** An audit that has ended is in force. */
    boolean onTrial(Instant now) {
        return policy.mode() == Mode.AUDIT && !ended(now);
    }

    boolean ended(Instant now) {
        Instant until = policy.until();
        return until != null && !now.isBefore(until);
    }

    /** Whether it is an allowance whose time is over; whom it selects still needs one. */
    boolean isSpent(Instant now) {
        return policy.action() == Action.ALLOW && policy.mode() == Mode.ENFORCE && ended(now);
    }

    /** When the allowance ends, or null where it does not; that an audit ends is no end of what it allows. */
    @Nullable
    Instant allowanceEnd() {
        return policy.mode() == Mode.ENFORCE ? policy.until() : null;
    }

    /** When its audit ends, or null where it is in force or the audit has no end. */
    @Nullable
    Instant auditEnd() {
        return policy.mode() == Mode.AUDIT ? policy.until() : null;
    }

    boolean selects(Attempt attempt) {
        return LinkedSource.anySelects(sources, attempt);
    }

    boolean matches(Attempt attempt) {
        return selects(attempt) && covers(attempt) && conditionsHold(attempt);
    }

    private boolean covers(Attempt attempt) {
        if (!failure.isEmpty()) {
            return true;
        }
        if (!ports.isEmpty() && !ports.contains(attempt.target().port())) {
            return false;
        }
        for (HostPattern host : hosts) {
            if (host.matches(attempt.target().host())) {
                return true;
            }
        }
        return false;
    }

    /** Before the hello is there an allowance may still match, and a denial does not yet. */
    private boolean conditionsHold(Attempt attempt) {
        if (policy.conditions().isEmpty()) {
            return true;
        }
        return attempt.hello() == null
                ? policy.action() == Action.ALLOW
                : policy.conditions().hold(attempt.hello());
    }

    /** Why it does not match, for people; null where it does. May hold text of the client. */
    @Nullable
    Miss miss(Attempt attempt) {
        if (!selects(attempt)) {
            String who = attempt.source() == null
                    ? "a client without an identity at " + attempt.sourceAddress()
                    : attempt.source().toString();
            return Miss.far("it does not select " + who);
        }
        if (!covers(attempt)) {
            return HostMiss.of(hosts, ports, attempt.target());
        }
        if (attempt.hello() != null) {
            String miss = policy.conditions().miss(attempt.hello());
            return miss == null ? null : Miss.far(miss);
        }
        return conditionsHold(attempt) ? null : Miss.far("its conditions ask for a hello");
    }
}
