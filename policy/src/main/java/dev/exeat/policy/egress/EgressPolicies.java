package dev.exeat.policy.egress;

import dev.exeat.model.Attempt;
import dev.exeat.model.Cidr;
import dev.exeat.model.HostPattern;
import dev.exeat.model.ObjectKey;
import dev.exeat.model.PolicyRef;
import dev.exeat.policy.egress.EgressPolicy.Action;
import dev.exeat.policy.egress.EgressPolicy.Tier;
import dev.exeat.policy.index.AttemptIndex;
import dev.exeat.policy.index.Subjects;
import dev.exeat.policy.index.Table;
import dev.exeat.policy.stage.Grant;
import dev.exeat.policy.stage.Miss;
import dev.exeat.policy.stage.Refusal;
import dev.exeat.policy.stage.StageObserver;
import dev.exeat.policy.stage.StageVerdict;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The egress policies, linked. Any denial that matches denies; a client that an allowance selects needs an allowance
 * that matches; whom no allowance selects may pass. Immutable and thread-safe.
 */
public final class EgressPolicies {
    private static final List<HostPattern> ANY_HOST = List.of(HostPattern.parse("*"));

    private final Table<ObjectKey, List<EgressRule>> rules;
    private final int size;
    private final AttemptIndex<EgressRule> index;
    /** The first rule of each allowance, by whom it selects, whatever its hosts. */
    private final AttemptIndex<EgressRule> selecting;

    private EgressPolicies(
            Table<ObjectKey, List<EgressRule>> rules,
            int size,
            AttemptIndex<EgressRule> index,
            AttemptIndex<EgressRule> selecting) {
        this.rules = rules;
        this.size = size;
        this.index = index;
        this.selecting = selecting;
    }

    static EgressPolicies empty() {
        return new EgressPolicies(
                Table.empty(), 0, AttemptIndex.empty(EgressRule.BY_RANK), AttemptIndex.empty(EgressRule.BY_RANK));
    }

    /**
     * The policies after a change; these stay as they are.
     *
     * @param added rules by the object that they are of; they take the place of those that are known of it
     */
    EgressPolicies edited(Collection<ObjectKey> removed, Map<ObjectKey, List<EgressRule>> added) {
        Table.Edit<ObjectKey, List<EgressRule>> all = rules.edit();
        AttemptIndex.Edit<EgressRule> byHost = index.edit();
        AttemptIndex.Edit<EgressRule> bySubject = selecting.edit();
        int count = size;
        for (Map.Entry<ObjectKey, List<EgressRule>> policy :
                known(removed, added.keySet()).entrySet()) {
            count -= policy.getValue().size();
            all.remove(policy.getKey());
            policy.getValue().forEach(rule -> eachSource(rule, byHost::remove, bySubject::remove));
        }
        for (Map.Entry<ObjectKey, List<EgressRule>> policy : added.entrySet()) {
            count += policy.getValue().size();
            all.put(policy.getKey(), policy.getValue());
            policy.getValue().forEach(rule -> eachSource(rule, byHost::add, bySubject::add));
        }
        return new EgressPolicies(all.done(), count, byHost.done(), bySubject.done());
    }

    private Map<ObjectKey, List<EgressRule>> known(Collection<ObjectKey> some, Collection<ObjectKey> others) {
        Map<ObjectKey, List<EgressRule>> known = new HashMap<>();
        for (Collection<ObjectKey> keys : List.of(some, others)) {
            for (ObjectKey key : keys) {
                List<EgressRule> ofPolicy = rules.get(key);
                if (ofPolicy != null) {
                    known.put(key, ofPolicy);
                }
            }
        }
        return known;
    }

    /** Adds to an index, or removes from it. */
    private interface Change {
        AttemptIndex.Edit<EgressRule> make(Subjects subjects, Collection<HostPattern> hosts, EgressRule rule);
    }

    private static void eachSource(EgressRule rule, Change byHost, Change bySubject) {
        for (LinkedSource source : rule.sources()) {
            byHost.make(source.subjects(), rule.hosts(), rule);
            if (rule.policy().action() == Action.ALLOW && rule.index() == 0) {
                bySubject.make(source.subjects(), ANY_HOST, rule);
            }
        }
    }

    /** How many rules a decision tries, of whatever many there are. */
    public int tried(Attempt attempt) {
        int[] count = new int[1];
        index.candidates(attempt, _ -> count[0]++);
        return count[0];
    }

    /** How many destinations of policies there are. */
    public int size() {
        return size;
    }

    public StageVerdict judge(Attempt attempt) {
        if (rules.isEmpty()) {
            return StageVerdict.NOTHING;
        }
        Tally tally = new Tally(attempt);
        index.candidates(attempt, rule -> {
            if (rule.matches(attempt)) {
                tally.add(rule);
            }
        });
        return tally.verdict();
    }

    /** The same verdict; tells of every policy. */
    public StageVerdict judge(Attempt attempt, StageObserver observer) {
        Tally tally = new Tally(attempt);
        for (EgressRule rule : sorted()) {
            Miss miss = rule.miss(attempt);
            if (miss != null) {
                boolean near = miss.near() && !rule.onTrial(attempt.time());
                observer.notMatched(
                        rule.ref(), new Miss(miss.why(), near, rule.policy().action() == Action.DENY));
            } else {
                tally.add(rule);
                tell(rule, attempt.time(), observer);
            }
        }
        return tally.verdict();
    }

    /** The destinations of all policies. */
    public Stream<PolicyRef> deciding() {
        return sorted().stream().map(EgressRule::ref);
    }

    private List<EgressRule> sorted() {
        List<EgressRule> sorted = new ArrayList<>(size);
        rules.forEach((_, ofPolicy) -> sorted.addAll(ofPolicy));
        sorted.sort(EgressRule.BY_RANK);
        return sorted;
    }

    private static void tell(EgressRule rule, Instant now, StageObserver observer) {
        String trial = rule.onTrial(now) ? ", but only in audit" : "";
        if (rule.policy().action() == Action.DENY) {
            observer.denied(
                    rule.ref(), (rule.failure().isEmpty() ? "it denies what it matches" : rule.failure()) + trial);
        } else if (rule.isSpent(now)) {
            observer.notMatched(
                    rule.ref(),
                    Miss.near(
                            "it would allow this, but ended on " + rule.policy().until()));
        } else {
            observer.passed(rule.ref(), "it allows what it matches" + trial);
        }
    }

    /** Sums up the rules that match, which arrive in no order and may come twice. */
    private final class Tally {
        private final Attempt attempt;
        private final Instant now;
        private @Nullable EgressRule deny;
        private @Nullable EgressRule denyOnTrial;
        private @Nullable EgressRule allow;
        private @Nullable EgressRule allowOnTrial;
        private @Nullable EgressRule spent;
        private @Nullable List<EgressRule> excepting;

        Tally(Attempt attempt) {
            this.attempt = attempt;
            this.now = attempt.time();
        }

        void add(EgressRule rule) {
            boolean trial = rule.onTrial(now);
            if (rule.policy().action() == Action.DENY) {
                if (trial) {
                    denyOnTrial = first(denyOnTrial, rule);
                } else {
                    deny = first(deny, rule);
                }
            } else if (rule.isSpent(now)) {
                spent = first(spent, rule);
            } else if (trial) {
                allowOnTrial = first(allowOnTrial, rule);
            } else {
                allow = lasting(allow, rule);
                except(rule);
            }
        }

        private void except(EgressRule rule) {
            if (!rule.exceptions().isEmpty()) {
                excepting = excepting == null ? new ArrayList<>(1) : excepting;
                excepting.add(rule);
            }
        }

        private static EgressRule first(@Nullable EgressRule known, EgressRule rule) {
            return known == null || EgressRule.BY_RANK.compare(rule, known) < 0 ? rule : known;
        }

        /** Of several allowances the one that lasts longest. */
        private EgressRule lasting(@Nullable EgressRule known, EgressRule rule) {
            if (known == null) {
                return rule;
            }
            int order = end(rule).compareTo(end(known));
            return order > 0 || (order == 0 && EgressRule.BY_RANK.compare(rule, known) < 0) ? rule : known;
        }

        private static Instant end(EgressRule rule) {
            Instant end = rule.allowanceEnd();
            return end == null ? Instant.MAX : end;
        }

        StageVerdict verdict() {
            if (deny != null) {
                return new StageVerdict(denied(deny), null, null, List.of());
            }
            if (allow != null) {
                Refusal trial = denyOnTrial == null ? null : denied(denyOnTrial);
                return new StageVerdict(null, trial, grant(allow), List.of());
            }
            Selection selection = new Selection();
            selecting.any(attempt, selection::add);
            if (selection.enforced != null) {
                return new StageVerdict(unallowed(selection.enforced), null, null, List.of());
            }
            Refusal trial = null;
            if (denyOnTrial != null) {
                trial = denied(denyOnTrial);
            } else if (selection.onTrial != null && allowOnTrial == null) {
                trial = unallowed(selection.onTrial);
            }
            return trial == null ? StageVerdict.NOTHING : new StageVerdict(null, trial, null, List.of());
        }

        private final class Selection {
            private @Nullable EgressRule enforced;
            private @Nullable EgressRule onTrial;

            /** The first in force, and while none was seen the first on trial; true when no other matters. */
            boolean add(EgressRule rule) {
                boolean trial = rule.onTrial(now);
                if ((trial && onTrial != null) || !rule.selects(attempt)) {
                    return false;
                }
                if (trial) {
                    onTrial = rule;
                } else {
                    enforced = rule;
                }
                return !trial;
            }
        }

        private Grant grant(EgressRule rule) {
            List<Cidr> exceptions = new ArrayList<>();
            if (excepting != null) {
                excepting.stream()
                        .distinct()
                        .sorted(EgressRule.BY_RANK)
                        .forEach(other -> exceptions.addAll(other.exceptions()));
            }
            return new Grant(rule.ref(), exceptions, rule.allowanceEnd());
        }

        private static Refusal denied(EgressRule rule) {
            boolean failed = !rule.failure().isEmpty();
            EgressPolicy.About about = rule.policy().about();
            String reason = about.reason().isEmpty() ? "" : ": " + about.reason();
            String owner = about.owner().isEmpty() ? "whoever keeps it" : about.owner();
            return new Refusal(
                    failed,
                    failed ? rule.failure() : rule.policy().key() + " denies it" + reason,
                    rule.ref(),
                    failed ? "mend " + rule.policy().key() : owner + " can change it",
                    rule.policy().tier() == Tier.PLATFORM,
                    rule.auditEnd());
        }

        private Refusal unallowed(EgressRule selecting) {
            String who = attempt.source() == null
                    ? "clients without an identity"
                    : attempt.source().toString();
            String hint = spent == null
                    ? "an EgressPolicy with this host and port would allow it; "
                            + selecting.policy().key() + " selects " + who + ", so that one is needed"
                    : spent.policy().key() + " allowed it until "
                            + spent.policy().until();
            PolicyRef rule = spent == null ? null : spent.ref();
            return new Refusal(
                    false,
                    "no EgressPolicy allows " + who + " to reach " + attempt.target(),
                    rule,
                    hint,
                    false,
                    selecting.auditEnd());
        }
    }
}
