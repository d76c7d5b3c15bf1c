package dev.exeat.proxy;

import dev.exeat.model.Attempt;
import dev.exeat.model.HostPort;
import dev.exeat.model.Reason;
import dev.exeat.policy.Decision;
import dev.exeat.policy.Denial;
import dev.exeat.policy.Permit;
import dev.exeat.policy.Snapshot;
import dev.exeat.proxy.http1.Refusal;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The verdict on a CONNECT authority before any ClientHello came: since all names must agree, what is denied for the
 * authority is denied for every hello that could follow, and the caller can be told in the answer. A permit is worth
 * nothing here: the hello is judged again. A fault of the policy's code refuses, too.
 */
final class EarlyVerdict {
    private static final Logger LOG = LoggerFactory.getLogger(EarlyVerdict.class);

    private EarlyVerdict() {}

    /** What to answer, or null where the hello is to be heard. */
    static @Nullable Refusal of(EgressServices services, ConnectionTrace trace, HostPort target) {
        try {
            return decide(services, trace, target);
        } catch (RuntimeException e) {
            LOG.atError().setCause(e).log("a connection is refused by a fault");
            return Refusals.of(
                    Reason.INTERNAL_ERROR,
                    Reason.INTERNAL_ERROR.description(),
                    trace.arrival().id());
        }
    }

    private static @Nullable Refusal decide(EgressServices services, ConnectionTrace trace, HostPort target) {
        Attempt attempt = trace.arrival().attempt(services.clock().instant(), target, null);
        long start = System.nanoTime();
        Snapshot policy = services.policy().get();
        Decision decision = policy.decide(attempt);
        return switch (decision) {
            case Permit _ -> null;
            case Denial denial -> {
                trace.decided(denial, policy, System.nanoTime() - start);
                services.look(denial, trace);
                yield Refusals.of(denial);
            }
        };
    }
}
