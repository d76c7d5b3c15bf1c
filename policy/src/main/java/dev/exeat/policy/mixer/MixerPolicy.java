package dev.exeat.policy.mixer;

import dev.exeat.model.LogEntry;
import dev.exeat.model.ObjectKey;
import dev.exeat.model.PolicyRef;
import dev.exeat.policy.StatusCode;
import dev.exeat.policy.cexl.EvaluationException;
import dev.exeat.policy.index.Table;
import dev.exeat.policy.mixer.LinkedRule.CheckStep;
import dev.exeat.policy.stage.Grant;
import dev.exeat.policy.stage.Miss;
import dev.exeat.policy.stage.Refusal;
import dev.exeat.policy.stage.StageObserver;
import dev.exeat.policy.stage.StageVerdict;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The rules of Mixer, linked: all checks that match must pass. Immutable and thread-safe. */
public final class MixerPolicy {
    private final Table<ObjectKey, LinkedRule> rules;
    private final RuleIndex checks;
    private final RuleIndex reports;
    private final String rootNamespace;
    private final boolean denyOnMatchError;

    private MixerPolicy(
            Table<ObjectKey, LinkedRule> rules,
            RuleIndex checks,
            RuleIndex reports,
            String rootNamespace,
            boolean denyOnMatchError) {
        this.rules = rules;
        this.checks = checks;
        this.reports = reports;
        this.rootNamespace = rootNamespace;
        this.denyOnMatchError = denyOnMatchError;
    }

    static MixerPolicy empty(String rootNamespace, boolean denyOnMatchError) {
        return new MixerPolicy(
                Table.empty(),
                RuleIndex.empty(rootNamespace, denyOnMatchError),
                RuleIndex.empty(rootNamespace, false),
                rootNamespace,
                denyOnMatchError);
    }

    /** The policy with other rules; this one stays as it is. A rule of a key that is there takes its place. */
    MixerPolicy edited(Collection<ObjectKey> removed, Collection<LinkedRule> added) {
        Table.Edit<ObjectKey, LinkedRule> all = rules.edit();
        RuleIndex.Edit checking = checks.edit();
        RuleIndex.Edit reporting = reports.edit();
        for (ObjectKey key : removed) {
            remove(key, checking, reporting);
            all.remove(key);
        }
        for (LinkedRule rule : added) {
            remove(rule.key(), checking, reporting);
            all.put(rule.key(), rule);
            if (!rule.checks().isEmpty()) {
                checking.add(rule);
            }
            if (!rule.reports().isEmpty()) {
                reporting.add(rule);
            }
        }
        return new MixerPolicy(all.done(), checking.done(), reporting.done(), rootNamespace, denyOnMatchError);
    }

    private void remove(ObjectKey key, RuleIndex.Edit checking, RuleIndex.Edit reporting) {
        LinkedRule known = rules.get(key);
        if (known != null && !known.checks().isEmpty()) {
            checking.remove(known);
        }
        if (known != null && !known.reports().isEmpty()) {
            reporting.remove(known);
        }
    }

    public int rules() {
        return rules.size();
    }

    public boolean hasReports() {
        return !reports.isEmpty();
    }

    /** How many rules a check tries, of whatever many there are. */
    public int tried(ConnectionAttributes attributes) {
        int[] count = new int[1];
        checks.candidates(attributes, _ -> count[0]++);
        return count[0];
    }

    public StageVerdict check(ConnectionAttributes attributes) {
        Tally tally = new Tally(null);
        checks.candidates(attributes, rule -> check(rule, attributes, tally));
        return tally.verdict();
    }

    /** The same verdict; tells of every rule, which takes time for each. */
    public StageVerdict check(ConnectionAttributes attributes, StageObserver observer) {
        Tally tally = new Tally(observer);
        for (LinkedRule rule : sorted()) {
            String namespace = rule.key().namespace();
            if (rule.checks().isEmpty()) {
                observer.skipped(new PolicyRef(rule.key(), 0), "the rule makes no checks");
            } else if (!namespace.equals(rootNamespace) && !namespace.equals(attributes.namespace())) {
                observer.skipped(
                        new PolicyRef(rule.key(), 0),
                        "the namespace \"" + namespace + "\" is neither the root namespace nor the client's");
            } else {
                check(rule, attributes, tally);
            }
        }
        return tally.verdict();
    }

    /** The checks of rules, by the index of their action. */
    public Stream<PolicyRef> deciding() {
        return sorted().stream().flatMap(rule -> rule.checks().stream().map(LinkedRule.CheckStep::rule));
    }

    private List<LinkedRule> sorted() {
        List<LinkedRule> sorted = new ArrayList<>(rules.size());
        rules.forEach((_, rule) -> sorted.add(rule));
        sorted.sort(LinkedRule.BY_NAME);
        return sorted;
    }

    private void check(LinkedRule rule, ConnectionAttributes attributes, Tally tally) {
        try {
            if (rule.match() != null && !rule.match().holds(attributes)) {
                tally.notMatched(rule, attributes);
                return;
            }
        } catch (EvaluationException e) {
            tally.matchFailed(rule, e.getMessage(), denyOnMatchError);
            return;
        }
        Instant now = attributes.time();
        for (CheckStep step : rule.checks()) {
            tally.add(rule, step, step.check().make(attributes, now), attributes);
        }
    }

    /** The lines to write for an event, in the order of the rules' names. */
    public List<LogEntry> report(ConnectionAttributes attributes) {
        List<LinkedRule> matched = new ArrayList<>();
        reports.candidates(attributes, rule -> {
            if (matches(rule, attributes)) {
                matched.add(rule);
            }
        });
        matched.sort(LinkedRule.BY_NAME);
        List<LogEntry> entries = new ArrayList<>();
        LinkedRule last = null;
        for (LinkedRule rule : matched) {
            if (last != null && last.key().equals(rule.key())) {
                continue;
            }
            last = rule;
            for (Report report : rule.reports()) {
                try {
                    LogEntry entry = report.entry(attributes, attributes.time());
                    if (entry != null) {
                        entries.add(entry);
                    }
                } catch (EvaluationException e) {
                    // An instance that cannot be built is left out, and the others go on, as in Mixer.
                }
            }
        }
        return entries;
    }

    private static boolean matches(LinkedRule rule, ConnectionAttributes attributes) {
        try {
            return rule.match() == null || rule.match().holds(attributes);
        } catch (EvaluationException e) {
            return false;
        }
    }

    /** Sums up the results of one event, which arrive in no order, and some twice. */
    private static final class Tally {
        private final @Nullable StageObserver observer;
        private @Nullable LinkedRule firstPassed;
        private @Nullable PolicyRef firstPassedRef;
        private @Nullable List<Refused> refusals;

        /** @param cause the step of the rule that refuses, or the rule itself where its match fails */
        private record Refused(LinkedRule rule, Object cause, PolicyRef ref, CheckResult result) {}

        Tally(@Nullable StageObserver observer) {
            this.observer = observer;
        }

        void notMatched(LinkedRule rule, ConnectionAttributes attributes) {
            if (observer != null && rule.match() != null) {
                observer.notMatched(
                        new PolicyRef(rule.key(), 0), Miss.far(rule.match().explain(attributes)));
            }
        }

        void matchFailed(LinkedRule rule, String message, boolean denies) {
            PolicyRef ref = new PolicyRef(rule.key(), 0);
            if (observer != null) {
                observer.failed(
                        ref,
                        "the match cannot be evaluated: " + message + (denies ? "" : ", so it counts as not matched"),
                        denies);
            }
            if (denies) {
                String text = "evaluation failed at [" + rule.fullName() + "]'Match': '" + message + "'";
                refuse(new Refused(rule, rule, ref, new CheckResult.Failed(text)));
            }
        }

        void add(LinkedRule rule, CheckStep step, CheckResult result, ConnectionAttributes attributes) {
            PolicyRef ref = step.rule();
            if (observer != null) {
                switch (result) {
                    case CheckResult.Passed _ -> observer.passed(ref, "the rule matches and its check passes");
                    case CheckResult.Refused refused -> {
                        observer.denied(ref, refused.message());
                        String near = step.check().nearest(attributes);
                        if (!near.isEmpty()) {
                            observer.nearlyPassed(ref, near);
                        }
                    }
                    case CheckResult.Failed failed -> observer.failed(ref, failed.message(), true);
                }
            }
            if (!(result instanceof CheckResult.Passed)) {
                refuse(new Refused(rule, step, ref, result));
            } else if (firstPassed == null || LinkedRule.BY_NAME.compare(rule, firstPassed) < 0) {
                firstPassed = rule;
                firstPassedRef = ref;
            }
        }

        private void refuse(Refused refusal) {
            if (refusals == null) {
                refusals = new ArrayList<>(2);
            }
            refusals.add(refusal);
        }

        StageVerdict verdict() {
            if (refusals == null) {
                return firstPassedRef == null
                        ? StageVerdict.NOTHING
                        : new StageVerdict(null, null, new Grant(firstPassedRef), List.of());
            }
            List<Refused> all = distinct(refusals);
            // A stable sort: the checks of one rule keep the order of its actions.
            all.sort(Comparator.comparing(Refused::rule, LinkedRule.BY_NAME));
            List<Refused> failed = all.stream()
                    .filter(refusal -> refusal.result() instanceof CheckResult.Failed)
                    .toList();
            List<Refused> told = failed.isEmpty() ? all : failed;
            StatusCode code = told.getFirst().result() instanceof CheckResult.Refused refused
                    ? refused.code()
                    : StatusCode.INTERNAL;
            String message = told.stream().map(Tally::message).collect(Collectors.joining(", "));
            PolicyRef rule = told.getFirst().ref();
            String hint = failed.isEmpty()
                    ? "the rule " + rule.object() + " denies this; whoever keeps it can change it"
                    : "mend what " + rule.object() + " needs; until then it denies what it matches";
            return new StageVerdict(
                    new Refusal(!failed.isEmpty(), code.name() + ":" + message, rule, hint, false),
                    null,
                    null,
                    List.of());
        }

        private static List<Refused> distinct(List<Refused> refusals) {
            if (refusals.size() == 1) {
                return refusals;
            }
            Set<Object> causes = Collections.newSetFromMap(new IdentityHashMap<>());
            List<Refused> distinct = new ArrayList<>(refusals);
            distinct.removeIf(refusal -> !causes.add(refusal.cause()));
            return distinct;
        }

        private static String message(Refused refusal) {
            return switch (refusal.result()) {
                case CheckResult.Refused refused -> refused.message();
                case CheckResult.Failed failed -> failed.message();
                case CheckResult.Passed _ -> "";
            };
        }
    }
}
