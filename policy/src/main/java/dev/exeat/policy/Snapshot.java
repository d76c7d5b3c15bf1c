package dev.exeat.policy;

import dev.exeat.model.Attempt;
import dev.exeat.model.Enforcement;
import dev.exeat.model.LogEntry;
import dev.exeat.model.PolicyRef;
import dev.exeat.model.Reason;
import dev.exeat.model.RegistryMode;
import dev.exeat.policy.DecisionTrace.Outcome;
import dev.exeat.policy.DecisionTrace.Stage;
import dev.exeat.policy.authorization.AuthorizationPolicies;
import dev.exeat.policy.egress.EgressPolicies;
import dev.exeat.policy.mixer.ConnectionAttributes;
import dev.exeat.policy.mixer.MixerPolicy;
import dev.exeat.policy.registry.Registry;
import dev.exeat.policy.registry.ServiceEntry;
import dev.exeat.policy.routing.RouteVerdict;
import dev.exeat.policy.routing.Routing;
import dev.exeat.policy.stage.Refusal;
import dev.exeat.policy.stage.StageVerdict;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Everything the policy says, compiled. The registry is asked first, then the routes, Mixer's checks, the authorization
 * policies and the egress policies; all must let an attempt pass. Immutable and thread-safe; deciding neither blocks nor does I/O.
 */
public final class Snapshot {
    private final Content content;
    private final CompileOptions options;
    private final ConnectionAttributes.Gateway gateway;
    private final Policies policies;

    /** What a snapshot was made of. */
    record Content(String digest, int objects, Set<ProviderSpec> providers) {}

    /** The stages of a decision. */
    record Policies(
            Registry registry,
            Routing routing,
            MixerPolicy mixer,
            AuthorizationPolicies authorization,
            EgressPolicies egress,
            Audited audited) {}

    Snapshot(Content content, CompileOptions options, ConnectionAttributes.Gateway gateway, Policies policies) {
        this.content = content;
        this.options = options;
        this.gateway = gateway;
        this.policies = policies;
    }

    /** 16 hex digits that stand for the content of all objects, lists and options, whatever their order. */
    public String digest() {
        return content.digest();
    }

    /** The verdict on one attempt. */
    public Decision decide(Attempt attempt) {
        return decideTraced(attempt, null);
    }

    /** The same verdict, told step by step. */
    public Decision decide(Attempt attempt, DecisionTrace trace) {
        return decideTraced(attempt, trace);
    }

    /**
     * What would nearly have let an attempt pass that this denies, as {@link DecisionTrace#nearestMiss} tells it. Looks
     * at every rule there is, which takes long where there are many.
     */
    public String nearestMiss(Attempt attempt) {
        DecisionTrace trace = new DecisionTrace();
        return trace.nearestMiss(decideTraced(attempt, trace));
    }

    /** How many rules a decision about the attempt tries at most, of whatever many there are. */
    public int tried(Attempt attempt) {
        return policies.mixer().tried(new ConnectionAttributes(gateway, attempt, null))
                + policies.authorization().tried(attempt)
                + policies.egress().tried(attempt);
    }

    private Decision decideTraced(Attempt attempt, @Nullable DecisionTrace trace) {
        ConnectionAttributes attributes = new ConnectionAttributes(gateway, attempt, null);
        Verdict verdict = new Verdict(attempt, trace);
        ServiceEntry entry = policies.registry().admitting(attempt.target(), attributes.namespace());
        if (entry == null && options.registry() == RegistryMode.REGISTRY_ONLY) {
            return verdict.unknownHost(policies.registry().hint(attempt.target(), attributes.namespace()));
        }
        verdict.admitted(entry);
        switch (policies.routing().route(attempt)) {
            case RouteVerdict.Nowhere nowhere -> {
                return verdict.nowhere(nowhere);
            }
            case RouteVerdict.To route -> verdict.routed(route);
        }
        if (options.enforcement() == Enforcement.DISABLED) {
            return verdict.unchecked();
        }
        verdict.add(Stage.CHECKS, mixer(attributes, trace));
        if (verdict.isOpen()) {
            verdict.add(Stage.AUTHORIZATION, authorization(attempt, trace));
        }
        if (verdict.isOpen()) {
            verdict.add(Stage.EGRESS, egress(attempt, trace));
        }
        return verdict.end();
    }

    private StageVerdict mixer(ConnectionAttributes attributes, @Nullable DecisionTrace trace) {
        return trace == null
                ? policies.mixer().check(attributes)
                : policies.mixer().check(attributes, new TracingObserver(trace, Stage.CHECKS));
    }

    private StageVerdict authorization(Attempt attempt, @Nullable DecisionTrace trace) {
        return trace == null
                ? policies.authorization().judge(attempt)
                : policies.authorization().judge(attempt, new TracingObserver(trace, Stage.AUTHORIZATION));
    }

    private StageVerdict egress(Attempt attempt, @Nullable DecisionTrace trace) {
        return trace == null
                ? policies.egress().judge(attempt)
                : policies.egress().judge(attempt, new TracingObserver(trace, Stage.EGRESS));
    }

    /** The verdict as it comes about. Used once. */
    private final class Verdict {
        private final Attempt attempt;
        private final @Nullable DecisionTrace trace;
        private final Permit.Terms.Builder terms;
        private @Nullable Denial denial;

        Verdict(Attempt attempt, @Nullable DecisionTrace trace) {
            this.attempt = attempt;
            this.trace = trace;
            this.terms = new Permit.Terms.Builder(attempt.target());
        }

        boolean isOpen() {
            return denial == null;
        }

        Denial unknownHost(String hint) {
            Denial unknown = new Denial(
                    attempt,
                    digest(),
                    Reason.HOST_UNKNOWN,
                    "no ServiceEntry admits " + attempt.target(),
                    null,
                    hint,
                    null);
            tell(Stage.REGISTRY, null, Outcome.DENIED, unknown.message() + "; " + unknown.hint());
            return unknown;
        }

        void admitted(@Nullable ServiceEntry entry) {
            PolicyRef admitted = entry == null ? null : new PolicyRef(entry.key(), 0);
            terms.admittedBy(admitted);
            tell(
                    Stage.REGISTRY,
                    admitted,
                    Outcome.PASSED,
                    entry == null ? "the registry admits any host" : "the entry admits " + attempt.target());
        }

        Denial nowhere(RouteVerdict.Nowhere nowhere) {
            tell(Stage.ROUTING, nowhere.by(), Outcome.DENIED, nowhere.message() + "; " + nowhere.hint());
            return new Denial(
                    attempt, digest(), Reason.HOST_UNKNOWN, nowhere.message(), nowhere.by(), nowhere.hint(), null);
        }

        void routed(RouteVerdict.To route) {
            terms.routedTo(route.upstream());
            if (route.by() != null) {
                tell(Stage.ROUTING, route.by(), Outcome.PASSED, "it leads to " + route.upstream());
            }
        }

        Permit unchecked() {
            tell(Stage.CHECKS, null, Outcome.SKIPPED, "enforcement is disabled");
            return permit();
        }

        void add(Stage stage, StageVerdict verdict) {
            Refusal enforced = verdict.enforced();
            if (enforced == null) {
                terms.granted(verdict.grant(), verdict.marks());
                if (verdict.trial() != null) {
                    terms.wouldDeny(denial(verdict.trial()));
                }
            } else if (isOnlyWatched(enforced)) {
                terms.granted(null, verdict.marks());
                terms.wouldDeny(denial(enforced));
            } else {
                denial = denial(enforced);
                if (enforced.rule() == null) {
                    tell(stage, null, Outcome.DENIED, enforced.message());
                }
            }
        }

        /** Audit of the whole gateway softens everything; that of a namespace or identity not what is the platform's. */
        private boolean isOnlyWatched(Refusal refusal) {
            return options.enforcement() == Enforcement.AUDIT
                    || (!refusal.last() && policies.audited().covers(attempt.source()));
        }

        private Denial denial(Refusal refusal) {
            return new Denial(
                    attempt,
                    digest(),
                    refusal.failed() ? Reason.POLICY_ERROR : Reason.POLICY_DENIED,
                    refusal.message(),
                    refusal.rule(),
                    refusal.hint(),
                    refusal.until());
        }

        Decision end() {
            if (denial == null) {
                return permit();
            }
            tell(Stage.VERDICT, denial.rule(), Outcome.DENIED, denial.message());
            return denial;
        }

        private Permit permit() {
            Permit permit = new Permit(attempt, digest(), terms.build());
            Denial would = permit.wouldDeny();
            tell(
                    Stage.VERDICT,
                    permit.rule(),
                    Outcome.PASSED,
                    would == null ? "permitted" : "permitted by audit mode; would deny: " + would.message());
            return permit;
        }

        private void tell(Stage stage, @Nullable PolicyRef rule, Outcome outcome, String detail) {
            if (trace != null) {
                trace.add(stage, rule, outcome, detail);
            }
        }
    }

    /** Whether any rule reports, so that events need not be made where none does. */
    public boolean hasReports() {
        return policies.mixer().hasReports();
    }

    /** The lines that the rules' {@code stdio} handlers write for an event, in the order of the rules' names. */
    public List<LogEntry> report(ReportEvent event) {
        return hasReports()
                ? policies.mixer().report(new ConnectionAttributes(gateway, event.attempt(), event))
                : List.of();
    }

    /** The lists that handlers take from elsewhere. */
    public Set<ProviderSpec> providers() {
        return content.providers();
    }

    /** How many objects were compiled. */
    public int objects() {
        return content.objects();
    }

    /** All that may decide about a connection, entries of the registry apart: the rules as traces name them. */
    public Stream<PolicyRef> deciding() {
        return Stream.of(
                        policies.mixer().deciding(),
                        policies.authorization().deciding(),
                        policies.egress().deciding())
                .flatMap(refs -> refs);
    }

    /** How many rules are in force, of all kinds. */
    public int rules() {
        return policies.mixer().rules()
                + policies.authorization().size()
                + policies.egress().size();
    }
}
