package dev.exeat.policy;

import dev.exeat.model.Attempt;
import dev.exeat.model.LogEntry;
import dev.exeat.model.Reason;
import java.util.List;
import java.util.Set;

/** Everything the policy says, compiled. Immutable and thread-safe; deciding neither blocks nor does I/O. */
public final class Snapshot {
    private final String digest;

    Snapshot(String digest) {
        this.digest = digest;
    }

    /** 16 hex digits that stand for the content of all objects, lists and options, whatever their order. */
    public String digest() {
        return digest;
    }

    public Decision decide(Attempt attempt) {
        return new Denial(attempt, digest, Reason.POLICY_ERROR, "INTERNAL:no policy is compiled", null, "");
    }

    /** The same verdict, told step by step. */
    public Decision decide(Attempt attempt, DecisionTrace trace) {
        Decision decision = decide(attempt);
        trace.add(DecisionTrace.Stage.VERDICT, null, DecisionTrace.Outcome.DENIED, decision.toString());
        return decision;
    }

    /** Whether any rule reports, so that events need not be made where none does. */
    public boolean hasReports() {
        return false;
    }

    /** The lines that the rules' {@code stdio} handlers write for an event, in the order of the rules' names. */
    public List<LogEntry> report(ReportEvent event) {
        return List.of();
    }

    /** The lists that handlers take from elsewhere. */
    public Set<ProviderSpec> providers() {
        return Set.of();
    }

    /** How many objects were compiled. */
    public int objects() {
        return 0;
    }

    /** How many rules are in force. */
    public int rules() {
        return 0;
    }
}
