package dev.exeat.policy.authorization;

import dev.exeat.model.Attempt;
import dev.exeat.model.ObjectKey;
import dev.exeat.model.PolicyRef;
import dev.exeat.policy.authorization.AuthorizationPolicy.Action;
import dev.exeat.policy.authorization.AuthorizationPolicy.Rule;
import dev.exeat.policy.index.AttemptIndex;
import dev.exeat.policy.stage.Grant;
import dev.exeat.policy.stage.Refusal;
import dev.exeat.policy.stage.StageObserver;
import dev.exeat.policy.stage.StageVerdict;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The authorization policies that are for this gateway. A denial that matches denies; else, where there is any
 * allowance, one must match. Immutable and thread-safe.
 *
 * @see <a href="https://istio.io/latest/docs/reference/config/security/authorization-policy/">Istio's reference</a>
 */
public final class AuthorizationPolicies {
    private static final Comparator<AuthorizationPolicy> BY_NAME =
            Comparator.comparing(AuthorizationPolicy::key, ObjectKey::compareTo);

    private final List<AuthorizationPolicy> policies;
    private final Map<ObjectKey, String> elsewhere;
    private final List<ObjectKey> broken;
    private final AttemptIndex<Candidate> index;
    private final boolean anyAllow;
    private final boolean anyTrialAllow;

    /** A rule of a policy; {@code rank} orders them by name. */
    private record Candidate(AuthorizationPolicy policy, Rule rule, int rank) {
        PolicyRef ref() {
            return new PolicyRef(policy.key(), rule.index());
        }
    }

    /**
     * @param elsewhere why other policies are not for this gateway, for people
     * @param broken policies that could not be read: each denies everything
     */
    AuthorizationPolicies(
            Collection<AuthorizationPolicy> here, Map<ObjectKey, String> elsewhere, List<ObjectKey> broken) {
        this.policies = here.stream().sorted(BY_NAME).toList();
        this.elsewhere = Map.copyOf(elsewhere);
        this.broken = List.copyOf(broken);
        AttemptIndex.Builder<Candidate> builder = new AttemptIndex.Builder<>();
        int rank = 0;
        boolean allow = false;
        boolean trialAllow = false;
        for (AuthorizationPolicy policy : policies) {
            allow |= policy.action() == Action.ALLOW && !policy.dryRun();
            trialAllow |= policy.action() == Action.ALLOW && policy.dryRun();
            for (Rule rule : policy.rules()) {
                builder.add(RuleKeys.subjects(rule), RuleKeys.hosts(rule), new Candidate(policy, rule, rank++));
            }
        }
        this.index = builder.build();
        this.anyAllow = allow;
        this.anyTrialAllow = trialAllow;
    }

    /** How many objects apply to this gateway. */
    public int size() {
        return policies.size();
    }

    /** What policies do that are not for this gateway, for people. */
    public Map<ObjectKey, String> effects() {
        Map<ObjectKey, String> effects = new HashMap<>();
        elsewhere.forEach((key, why) -> effects.put(key, "nothing: " + why));
        return effects;
    }

    public StageVerdict judge(Attempt attempt) {
        if (!broken.isEmpty()) {
            return refused(broken.getFirst());
        }
        if (policies.isEmpty()) {
            return StageVerdict.NOTHING;
        }
        Tally tally = new Tally();
        index.candidates(attempt, candidate -> {
            if (candidate.rule().matches(attempt)) {
                tally.add(candidate);
            }
        });
        return tally.verdict(attempt);
    }

    /** The same verdict; tells of every policy. */
    public StageVerdict judge(Attempt attempt, StageObserver observer) {
        if (!broken.isEmpty()) {
            StageVerdict refused = refused(broken.getFirst());
            broken.forEach(key -> observer.failed(new PolicyRef(key, 0), "it is refused for its errors", true));
            return refused;
        }
        elsewhere.forEach((key, why) -> observer.skipped(new PolicyRef(key, 0), why));
        Tally tally = new Tally();
        int rank = 0;
        for (AuthorizationPolicy policy : policies) {
            if (policy.rules().isEmpty()) {
                observer.notMatched(new PolicyRef(policy.key(), 0), "it has no rule that can match");
            }
            for (Rule rule : policy.rules()) {
                Candidate candidate = new Candidate(policy, rule, rank++);
                String miss = rule.miss(attempt);
                if (miss == null) {
                    tally.add(candidate);
                    tell(candidate, observer);
                } else {
                    observer.notMatched(candidate.ref(), miss);
                }
            }
        }
        return tally.verdict(attempt);
    }

    private static StageVerdict refused(ObjectKey key) {
        Refusal refusal = new Refusal(
                true,
                key + " is refused for its errors, so everything that it might match is denied",
                new PolicyRef(key, 0),
                "mend " + key + "; exeat validate tells its errors",
                false);
        return new StageVerdict(refusal, null, null, List.of());
    }

    private static void tell(Candidate candidate, StageObserver observer) {
        String trial = candidate.policy().dryRun() ? ", but only as a dry run" : "";
        switch (candidate.policy().action()) {
            case DENY -> observer.denied(candidate.ref(), "it denies what it matches" + trial);
            case ALLOW -> observer.passed(candidate.ref(), "it allows what it matches" + trial);
            case AUDIT -> observer.passed(candidate.ref(), "it marks what it matches");
        }
    }

    /** The first rule of each kind that matched, by name, so that order never matters. */
    private final class Tally {
        private final Map<Action, Candidate> first = new HashMap<>(4);
        private final Map<Action, Candidate> firstOnTrial = new HashMap<>(4);
        private final List<PolicyRef> marks = new ArrayList<>(0);

        void add(Candidate candidate) {
            Action action = candidate.policy().action();
            if (action == Action.AUDIT && !marks.contains(candidate.ref())) {
                marks.add(candidate.ref());
            }
            (candidate.policy().dryRun() ? firstOnTrial : first)
                    .merge(action, candidate, (left, right) -> left.rank() <= right.rank() ? left : right);
        }

        StageVerdict verdict(Attempt attempt) {
            Candidate deny = first.get(Action.DENY);
            Candidate allow = first.get(Action.ALLOW);
            if (deny != null) {
                return new StageVerdict(denied(deny), null, null, marks);
            }
            if (allow == null && anyAllow) {
                return new StageVerdict(unallowed(attempt), null, null, marks);
            }
            Refusal trial = null;
            Candidate denyOnTrial = firstOnTrial.get(Action.DENY);
            if (denyOnTrial != null) {
                trial = denied(denyOnTrial);
            } else if (allow == null && anyTrialAllow && firstOnTrial.get(Action.ALLOW) == null) {
                trial = unallowed(attempt);
            }
            return new StageVerdict(null, trial, allow == null ? null : new Grant(allow.ref()), marks);
        }

        private static Refusal denied(Candidate candidate) {
            return new Refusal(
                    false,
                    candidate.policy().key() + " denies it by its rule "
                            + candidate.rule().index(),
                    candidate.ref(),
                    "whoever keeps " + candidate.policy().key() + " can change it",
                    false);
        }

        private static @Nullable Refusal unallowed(Attempt attempt) {
            String who = attempt.source() == null
                    ? "a client without an identity"
                    : attempt.source().principal();
            return new Refusal(
                    false,
                    "no AuthorizationPolicy allows " + who + " to reach " + attempt.target(),
                    null,
                    "since there are ALLOW policies, one of them must match; add a rule to one, or another policy",
                    false);
        }
    }
}
