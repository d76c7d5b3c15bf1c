package dev.exeat.proxy;

import dev.exeat.flow.ConnectionRecord.Shadow;
import dev.exeat.model.Attempt;
import dev.exeat.model.PolicyRef;
import dev.exeat.model.Reason;
import dev.exeat.policy.Decision;
import dev.exeat.policy.Denial;
import dev.exeat.policy.Permit;
import dev.exeat.policy.Snapshot;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Policies that only look on: what they say of an attempt is compared with what was decided, counted and recorded, and
 * changes nothing. Their faults are theirs alone. Thread-safe.
 */
public final class ShadowPolicy {
    private static final Logger LOG = LoggerFactory.getLogger(ShadowPolicy.class);
    private static final String ALLOWED = "allowed";
    private static final String WOULD_DENY = "would-deny";
    private static final String DENIED = "denied";
    private static final String ERROR = "error";

    private final Supplier<Snapshot> policy;
    private final Counts counts;
    /** The policy whose fault has been told. */
    private final AtomicReference<String> said = new AtomicReference<>("none");

    /** Counts what both say of an attempt; called on loops, so it must not block. */
    @FunctionalInterface
    public interface Counts {
        void judged(String live, String shadow);
    }

    /** @param policy the snapshot that looks on; asked anew for each decision */
    public ShadowPolicy(Supplier<Snapshot> policy, Counts counts) {
        this.policy = policy;
        this.counts = counts;
    }

    /** What it says of the attempt; null where that is the verdict of the decision. Throws nothing but want of memory. */
    @Nullable
    Shadow judge(Decision live) {
        Shadow shadow = judged(live.attempt());
        String verdict = verdict(live);
        counts.judged(verdict, shadow.verdict());
        return shadow.verdict().equals(verdict) ? null : shadow;
    }

    private Shadow judged(Attempt attempt) {
        String digest = "";
        boolean beforeHello = attempt.hello() == null;
        try {
            Snapshot snapshot = policy.get();
            digest = snapshot.digest();
            return of(snapshot.decide(attempt), beforeHello);
        } catch (RuntimeException | StackOverflowError | LinkageError e) {
            if (!digest.equals(said.getAndSet(digest))) {
                LOG.atError()
                        .setCause(e)
                        .log("a fault of the shadow's policies, told once; no connection is touched by it");
            }
            return new Shadow(
                    ERROR, Reason.INTERNAL_ERROR, Reason.INTERNAL_ERROR.description(), null, digest, beforeHello);
        }
    }

    private static Shadow of(Decision decision, boolean beforeHello) {
        Denial denial = switch (decision) {
            case Denial refused -> refused;
            case Permit permit -> permit.wouldDeny();
        };
        PolicyRef rule = denial != null ? denial.rule() : decision instanceof Permit permit ? permit.rule() : null;
        return new Shadow(
                verdict(decision),
                denial == null ? null : denial.reason(),
                denial == null ? "" : denial.message(),
                rule,
                decision.digest(),
                beforeHello);
    }

    private static String verdict(Decision decision) {
        return switch (decision) {
            case Denial _ -> DENIED;
            case Permit permit -> permit.wouldDeny() == null ? ALLOWED : WOULD_DENY;
        };
    }
}
