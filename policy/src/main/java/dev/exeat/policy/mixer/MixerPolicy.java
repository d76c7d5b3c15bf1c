package dev.exeat.policy.mixer;

import dev.exeat.model.LogEntry;
import dev.exeat.model.PolicyRef;
import dev.exeat.policy.StatusCode;
import dev.exeat.policy.cexl.EvaluationException;
import dev.exeat.policy.mixer.LinkedRule.CheckStep;
import dev.exeat.policy.stage.Grant;
import dev.exeat.policy.stage.Refusal;
import dev.exeat.policy.stage.StageObserver;
import dev.exeat.policy.stage.StageVerdict;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The rules of Mixer, linked: all checks that match must pass. Immutable and thread-safe. */
public final class MixerPolicy {
    private final List<LinkedRule> rules;
    private final RuleIndex checks;
    private final RuleIndex reports;
    private final boolean hasReports;
    private final String rootNamespace;
    private final boolean denyOnMatchError;

    MixerPolicy(List<LinkedRule> linked, String rootNamespace, boolean denyOnMatchError) {
        this.rules = linked.stream().sorted(LinkedRule.BY_NAME).toList();
        this.rootNamespace = rootNamespace;
        this.denyOnMatchError = denyOnMatchError;
        this.checks = new RuleIndex(
                rules.stream().filter(rule -> !rule.checks().isEmpty()).toList(), rootNamespace, denyOnMatchError);
        List<LinkedRule> reporting =
                rules.stream().filter(rule -> !rule.reports().isEmpty()).toList();
        this.reports = new RuleIndex(reporting, rootNamespace, false);
        this.hasReports = !reporting.isEmpty();
    }

    public int rules() {
        return rules.size();
    }

    public boolean hasReports() {
        return hasReports;
    }

    public StageVerdict check(ConnectionAttributes attributes) {
        Tally tally = new Tally(null);
        checks.candidates(attributes, rule -> check(rule, attributes, tally));
        return tally.verdict();
    }

    /** The same verdict; tells of every rule, which takes time for each. */
    public StageVerdict check(ConnectionAttributes attributes, StageObserver observer) {
        Tally tally = new Tally(observer);
        for (LinkedRule rule : rules) {
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
            tally.add(rule, step.rule(), step.check().make(attributes, now));
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
        for (LinkedRule rule : matched) {
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

    /** Sums up the results of one event, which arrive in no order. */
    private static final class Tally {
        private final @Nullable StageObserver observer;
        private @Nullable LinkedRule firstPassed;
        private @Nullable PolicyRef firstPassedRef;
        private @Nullable List<Refused> refusals;

        private record Refused(LinkedRule rule, PolicyRef ref, CheckResult result) {}

        Tally(@Nullable StageObserver observer) {
            this.observer = observer;
        }

        void notMatched(LinkedRule rule, ConnectionAttributes attributes) {
            if (observer != null && rule.match() != null) {
                observer.notMatched(new PolicyRef(rule.key(), 0), rule.match().explain(attributes));
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
                refuse(new Refused(rule, ref, new CheckResult.Failed(text)));
            }
        }

        void add(LinkedRule rule, PolicyRef ref, CheckResult result) {
            if (observer != null) {
                switch (result) {
                    case CheckResult.Passed _ -> observer.passed(ref, "the rule matches and its check passes");
                    case CheckResult.Refused refused -> observer.denied(ref, refused.message());
                    case CheckResult.Failed failed -> observer.failed(ref, failed.message(), true);
                }
            }
            if (!(result instanceof CheckResult.Passed)) {
                refuse(new Refused(rule, ref, result));
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
            // A stable sort: the checks of one rule keep the order of its actions.
            refusals.sort(Comparator.comparing(Refused::rule, LinkedRule.BY_NAME));
            List<Refused> failed = refusals.stream()
                    .filter(refusal -> refusal.result() instanceof CheckResult.Failed)
                    .toList();
            List<Refused> told = failed.isEmpty() ? refusals : failed;
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

        private static String message(Refused refusal) {
            return switch (refusal.result()) {
                case CheckResult.Refused refused -> refused.message();
                case CheckResult.Failed failed -> failed.message();
                case CheckResult.Passed _ -> "";
            };
        }
    }
}
