package dev.exeat.policy;

import dev.exeat.model.Attempt;
import dev.exeat.model.Cidr;
import dev.exeat.model.HostPort;
import dev.exeat.model.PolicyRef;
import dev.exeat.policy.stage.Grant;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Leave to dial for one attempt. Only a {@link Snapshot} makes one, and nothing dials without one. Immutable. */
public final class Permit implements Decision {
    private final Attempt attempt;
    private final String digest;
    private final Terms terms;

    Permit(Attempt attempt, String digest, Terms terms) {
        this.attempt = attempt;
        this.digest = digest;
        this.terms = terms;
    }

    @Override
    public Attempt attempt() {
        return attempt;
    }

    @Override
    public String digest() {
        return digest;
    }

    /** The name and port to resolve and dial: those that the client asks for, unless a route leads elsewhere. */
    public HostPort upstream() {
        return terms.upstream();
    }

    /** What enforcement would have done, in audit mode; null where it would have permitted too. */
    public @Nullable Denial wouldDeny() {
        return terms.wouldDeny();
    }

    /**
     * What lets it pass: the EgressPolicy, else the AuthorizationPolicy, else the first check that it passed, else the
     * ServiceEntry that admits its host; null where there is none of these.
     */
    public @Nullable PolicyRef rule() {
        return terms.rule();
    }

    /** When the allowance of {@link #rule} ends, or null where it does not. */
    public @Nullable Instant until() {
        return terms.until();
    }

    /** Blocks that the host may resolve into although the address guard forbids them. */
    public List<Cidr> exceptions() {
        return terms.exceptions();
    }

    /** The policies that only mark what they match. */
    public List<PolicyRef> marks() {
        return terms.marks();
    }

    @Override
    public String toString() {
        return "Permit[" + attempt.target() + ", " + digest + ", " + terms + "]";
    }

    /** On what terms the leave is given. */
    record Terms(
            HostPort upstream,
            @Nullable Denial wouldDeny,
            @Nullable PolicyRef rule,
            @Nullable Instant until,
            List<Cidr> exceptions,
            List<PolicyRef> marks) {

        /** Collects the terms, stage by stage; of what several stages grant, the last counts. */
        static final class Builder {
            private HostPort upstream;
            private @Nullable Denial wouldDeny;
            private @Nullable PolicyRef rule;
            private @Nullable Instant until;
            private List<Cidr> exceptions = List.of();
            private List<PolicyRef> marks = List.of();

            Builder(HostPort target) {
                this.upstream = target;
            }

            void routedTo(HostPort route) {
                upstream = route;
            }

            void admittedBy(@Nullable PolicyRef entry) {
                rule = entry;
            }

            void granted(@Nullable Grant grant, List<PolicyRef> marked) {
                if (grant != null) {
                    rule = grant.rule();
                    until = grant.until();
                    exceptions = grant.exceptions();
                }
                if (!marked.isEmpty()) {
                    List<PolicyRef> all = new ArrayList<>(marks);
                    all.addAll(marked);
                    marks = List.copyOf(all);
                }
            }

            /** The first counts. */
            void wouldDeny(Denial denial) {
                wouldDeny = wouldDeny == null ? denial : wouldDeny;
            }

            Terms build() {
                return new Terms(upstream, wouldDeny, rule, until, exceptions, marks);
            }
        }
    }
}
