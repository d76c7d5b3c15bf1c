package dev.exeat.policy;

import dev.exeat.model.Attempt;
import dev.exeat.model.Enforcement;
import dev.exeat.model.LogEntry;
import dev.exeat.model.PolicyRef;
import dev.exeat.model.Reason;
import dev.exeat.model.RegistryMode;
import dev.exeat.policy.DecisionTrace.Outcome;
import dev.exeat.policy.DecisionTrace.Stage;
import dev.exeat.policy.mixer.CheckVerdict;
import dev.exeat.policy.mixer.ConnectionAttributes;
import dev.exeat.policy.mixer.MixerPolicy;
import dev.exeat.policy.registry.Registry;
import dev.exeat.policy.registry.ServiceEntry;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Everything the policy says, compiled. Immutable and thread-safe; deciding neither blocks nor does I/O. */
public final class Snapshot {
    private final Content content;
    private final CompileOptions options;
    private final ConnectionAttributes.Gateway gateway;
    private final Registry registry;
    private final MixerPolicy mixer;

    /** What a snapshot was made of. */
    record Content(String digest, int objects, Set<ProviderSpec> providers) {}

    Snapshot(
            Content content,
            CompileOptions options,
            ConnectionAttributes.Gateway gateway,
            Registry registry,
            MixerPolicy mixer) {
        this.content = content;
        this.options = options;
        this.gateway = gateway;
        this.registry = registry;
        this.mixer = mixer;
    }

    /** 16 hex digits that stand for the content of all objects, lists and options, whatever their order. */
    public String digest() {
        return content.digest();
    }

    /** The registry first, then the checks of Mixer's rules; all must let the attempt pass. */
    public Decision decide(Attempt attempt) {
        return decideTraced(attempt, null);
    }

    /** The same verdict, told step by step. */
    public Decision decide(Attempt attempt, DecisionTrace trace) {
        return decideTraced(attempt, trace);
    }

    private Decision decideTraced(Attempt attempt, @Nullable DecisionTrace trace) {
        ConnectionAttributes attributes = new ConnectionAttributes(gateway, attempt, null);
        ServiceEntry entry = registry.admitting(attempt.target(), attributes.namespace());
        if (entry == null && options.registry() == RegistryMode.REGISTRY_ONLY) {
            Denial unknown = unknownHost(attempt, attributes.namespace());
            trace(trace, Stage.REGISTRY, null, Outcome.DENIED, unknown.message() + "; " + unknown.hint());
            return unknown;
        }
        PolicyRef admitted = entry == null ? null : new PolicyRef(entry.key(), 0);
        trace(
                trace,
                Stage.REGISTRY,
                admitted,
                Outcome.PASSED,
                entry == null ? "the registry admits any host" : "the entry admits " + attempt.target());
        if (options.enforcement() == Enforcement.DISABLED) {
            trace(trace, Stage.CHECKS, null, Outcome.SKIPPED, "enforcement is disabled");
            return permit(attempt, null, admitted, trace);
        }
        CheckVerdict verdict =
                trace == null ? mixer.check(attributes) : mixer.check(attributes, new TracingObserver(trace));
        return switch (verdict) {
            case CheckVerdict.Passed(PolicyRef rule) -> permit(attempt, null, rule == null ? admitted : rule, trace);
            case CheckVerdict.Refused refused -> refuse(attempt, refused, admitted, trace);
        };
    }

    private Decision refuse(
            Attempt attempt,
            CheckVerdict.Refused refused,
            @Nullable PolicyRef admitted,
            @Nullable DecisionTrace trace) {
        Denial denial = new Denial(
                attempt,
                digest(),
                refused.failed() ? Reason.POLICY_ERROR : Reason.POLICY_DENIED,
                refused.message(),
                refused.rule(),
                refused.failed()
                        ? "mend what " + refused.rule().object() + " needs; until then it denies what it matches"
                        : "the rule " + refused.rule().object() + " denies this; whoever keeps it can change it");
        if (options.enforcement() == Enforcement.AUDIT) {
            return permit(attempt, denial, admitted, trace);
        }
        trace(trace, Stage.VERDICT, denial.rule(), Outcome.DENIED, denial.message());
        return denial;
    }

    private Permit permit(
            Attempt attempt, @Nullable Denial wouldDeny, @Nullable PolicyRef rule, @Nullable DecisionTrace trace) {
        trace(
                trace,
                Stage.VERDICT,
                rule,
                Outcome.PASSED,
                wouldDeny == null ? "permitted" : "permitted by audit mode; would deny: " + wouldDeny.message());
        return new Permit(attempt, digest(), wouldDeny, rule);
    }

    private Denial unknownHost(Attempt attempt, @Nullable String namespace) {
        return new Denial(
                attempt,
                digest(),
                Reason.HOST_UNKNOWN,
                "no ServiceEntry admits " + attempt.target(),
                null,
                registry.hint(attempt.target(), namespace));
    }

    private static void trace(
            @Nullable DecisionTrace trace, Stage stage, @Nullable PolicyRef rule, Outcome outcome, String detail) {
        if (trace != null) {
            trace.add(stage, rule, outcome, detail);
        }
    }

    /** Whether any rule reports, so that events need not be made where none does. */
    public boolean hasReports() {
        return mixer.hasReports();
    }

    /** The lines that the rules' {@code stdio} handlers write for an event, in the order of the rules' names. */
    public List<LogEntry> report(ReportEvent event) {
        return mixer.hasReports() ? mixer.report(new ConnectionAttributes(gateway, event.attempt(), event)) : List.of();
    }

    /** The lists that handlers take from elsewhere. */
    public Set<ProviderSpec> providers() {
        return content.providers();
    }

    /** How many objects were compiled. */
    public int objects() {
        return content.objects();
    }

    /** How many rules are in force. */
    public int rules() {
        return mixer.rules();
    }
}
