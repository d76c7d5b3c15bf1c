package dev.exeat.policy.authorization;

import dev.exeat.model.Attempt;
import dev.exeat.model.HostPattern;
import dev.exeat.model.ObjectKey;
import dev.exeat.model.PolicyRef;
import dev.exeat.policy.authorization.AuthorizationPolicy.Action;
import dev.exeat.policy.authorization.AuthorizationPolicy.Rule;
import dev.exeat.policy.index.AttemptIndex;
import dev.exeat.policy.index.Subjects;
import dev.exeat.policy.index.Table;
import dev.exeat.policy.stage.Grant;
import dev.exeat.policy.stage.Miss;
import dev.exeat.policy.stage.Refusal;
import dev.exeat.policy.stage.StageObserver;
import dev.exeat.policy.stage.StageVerdict;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The authorization policies that are for this gateway. A denial that matches denies; else, where there is any
 * allowance, one must match. Immutable and thread-safe.
 *
 * @see <a href="https://istio.io/latest/docs/reference/config/security/authorization-policy/">Istio's reference</a>
 */
public final class AuthorizationPolicies {
    private static final Comparator<Candidate> BY_NAME = Comparator.<Candidate, ObjectKey>comparing(
                    candidate -> candidate.policy().key())
            .thenComparingInt(candidate -> candidate.rule().index());

    private final Table<ObjectKey, Indexed> policies;
    private final Table<ObjectKey, String> elsewhere;
    private final List<ObjectKey> broken;
    private final AttemptIndex<Candidate> index;
    private final Allowances allowances;

    /** A rule of a policy. */
    private record Candidate(AuthorizationPolicy policy, Rule rule) {
        PolicyRef ref() {
            return new PolicyRef(policy.key(), rule.index());
        }
    }

    /** A policy with the entries of the index that are its rules. */
    private record Indexed(AuthorizationPolicy policy, List<Candidate> candidates) {
        static Indexed of(AuthorizationPolicy policy) {
            return new Indexed(
                    policy,
                    policy.rules().stream()
                            .map(rule -> new Candidate(policy, rule))
                            .toList());
        }
    }

    /** How many policies allow something, in force and as a dry run. */
    private record Allowances(int enforced, int onTrial) {
        Allowances with(AuthorizationPolicy policy, int change) {
            if (policy.action() != Action.ALLOW) {
                return this;
            }
            return policy.dryRun()
                    ? new Allowances(enforced, onTrial + change)
                    : new Allowances(enforced + change, onTrial);
        }
    }

    private AuthorizationPolicies(
            Table<ObjectKey, Indexed> policies,
            Table<ObjectKey, String> elsewhere,
            List<ObjectKey> broken,
            AttemptIndex<Candidate> index,
            Allowances allowances) {
        this.policies = policies;
        this.elsewhere = elsewhere;
        this.broken = broken;
        this.index = index;
        this.allowances = allowances;
    }

    public static AuthorizationPolicies empty() {
        return new AuthorizationPolicies(
                Table.empty(), Table.empty(), List.of(), AttemptIndex.empty(BY_NAME), new Allowances(0, 0));
    }

    /**
     * What changed; a policy that has another content is gone and has come.
     *
     * @param here those for this gateway
     * @param elsewhere why others are not, for people
     * @param broken those that could not be read: each denies everything
     */
    record Policies(
            Collection<AuthorizationPolicy> here, Map<ObjectKey, String> elsewhere, Collection<ObjectKey> broken) {}

    /** The policies after a change; these stay as they are. */
    AuthorizationPolicies edited(Policies gone, Policies come) {
        Table.Edit<ObjectKey, Indexed> all = policies.edit();
        AttemptIndex.Edit<Candidate> candidates = index.edit();
        Allowances counts = allowances;
        for (AuthorizationPolicy policy : gone.here()) {
            Indexed known = policies.get(policy.key());
            if (known == null) {
                continue;
            }
            all.remove(policy.key());
            counts = counts.with(policy, -1);
            known.candidates().forEach(rule -> each(rule, candidates::remove));
        }
        for (AuthorizationPolicy policy : come.here()) {
            Indexed indexed = Indexed.of(policy);
            all.put(policy.key(), indexed);
            counts = counts.with(policy, 1);
            indexed.candidates().forEach(rule -> each(rule, candidates::add));
        }
        Table.Edit<ObjectKey, String> others = elsewhere.edit();
        gone.elsewhere().keySet().forEach(others::remove);
        come.elsewhere().forEach(others::put);
        Set<ObjectKey> denying = new TreeSet<>(broken);
        denying.removeAll(Set.copyOf(gone.broken()));
        denying.addAll(come.broken());
        return new AuthorizationPolicies(all.done(), others.done(), List.copyOf(denying), candidates.done(), counts);
    }

    /** Adds to the index, or removes from it. */
    private interface Change {
        AttemptIndex.Edit<Candidate> make(Subjects subjects, Collection<HostPattern> hosts, Candidate candidate);
    }

    private static void each(Candidate candidate, Change change) {
        change.make(RuleKeys.subjects(candidate.rule()), RuleKeys.hosts(candidate.rule()), candidate);
    }

    /** How many objects apply to this gateway. */
    public int size() {
        return policies.size();
    }

    /** How many rules a decision tries, of whatever many there are. */
    public int tried(Attempt attempt) {
        int[] count = new int[1];
        index.candidates(attempt, _ -> count[0]++);
        return count[0];
    }

    /** What policies do that are not for this gateway, for people. */
    public Map<ObjectKey, String> effects() {
        Map<ObjectKey, String> effects = elsewhereByKey();
        effects.replaceAll((_, why) -> "nothing: " + why);
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
        elsewhereByKey().forEach((key, why) -> observer.skipped(new PolicyRef(key, 0), why));
        Tally tally = new Tally();
        for (Indexed indexed : sorted()) {
            if (indexed.candidates().isEmpty()) {
                observer.notMatched(
                        new PolicyRef(indexed.policy().key(), 0), Miss.far("it has no rule that can match"));
            }
            for (Candidate candidate : indexed.candidates()) {
                String miss = candidate.rule().miss(attempt);
                if (miss == null) {
                    tally.add(candidate);
                    tell(candidate, observer);
                } else {
                    observer.notMatched(candidate.ref(), miss(candidate, attempt, miss));
                }
            }
        }
        return tally.verdict(attempt);
    }

    private static Miss miss(Candidate candidate, Attempt attempt, String why) {
        boolean near = candidate.rule().isNear(attempt)
                && candidate.policy().action() != Action.AUDIT
                && !candidate.policy().dryRun();
        return new Miss(why, near, candidate.policy().action() == Action.DENY);
    }

    /** The rules that apply to this gateway, also those that can never match. */
    public Stream<PolicyRef> deciding() {
        return sorted().stream()
                .flatMap(indexed -> indexed.candidates().isEmpty()
                        ? Stream.of(new PolicyRef(indexed.policy().key(), 0))
                        : indexed.candidates().stream().map(Candidate::ref));
    }

    private List<Indexed> sorted() {
        List<Indexed> sorted = new ArrayList<>(policies.size());
        policies.forEach((_, indexed) -> sorted.add(indexed));
        sorted.sort(Comparator.comparing(indexed -> indexed.policy().key()));
        return sorted;
    }

    private Map<ObjectKey, String> elsewhereByKey() {
        Map<ObjectKey, String> byKey = new TreeMap<>();
        elsewhere.forEach(byKey::put);
        return byKey;
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
                    .merge(action, candidate, (left, right) -> BY_NAME.compare(left, right) <= 0 ? left : right);
        }

        StageVerdict verdict(Attempt attempt) {
            marks.sort(Comparator.comparing(PolicyRef::object).thenComparingInt(PolicyRef::index));
            Candidate deny = first.get(Action.DENY);
            Candidate allow = first.get(Action.ALLOW);
            if (deny != null) {
                return new StageVerdict(denied(deny), null, null, marks);
            }
            if (allow == null && allowances.enforced() > 0) {
                return new StageVerdict(unallowed(attempt), null, null, marks);
            }
            Refusal trial = null;
            Candidate denyOnTrial = firstOnTrial.get(Action.DENY);
            if (denyOnTrial != null) {
                trial = denied(denyOnTrial);
            } else if (allow == null && allowances.onTrial() > 0 && firstOnTrial.get(Action.ALLOW) == null) {
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
