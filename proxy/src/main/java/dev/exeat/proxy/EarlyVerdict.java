package dev.exeat.proxy;

import dev.exeat.model.Attempt;
import dev.exeat.model.HostPort;
import dev.exeat.policy.Decision;
import dev.exeat.policy.Denial;
import dev.exeat.policy.Permit;
import org.jspecify.annotations.Nullable;

/**
 * The verdict on a CONNECT authority before any ClientHello came: since all names must agree, what is denied for the
 * authority is denied for every hello that could follow, and the caller can be told in the answer. A permit is worth
 * nothing here: the hello is judged again.
 */
final class EarlyVerdict {
    private EarlyVerdict() {}

    static @Nullable Denial of(EgressServices services, ConnectionTrace trace, HostPort target) {
        Attempt attempt = trace.arrival().attempt(services.clock().instant(), target, null);
        long start = System.nanoTime();
        Decision decision = services.policy().get().decide(attempt);
        return switch (decision) {
            case Permit _ -> null;
            case Denial denial -> {
                trace.decided(denial, System.nanoTime() - start);
                yield denial;
            }
        };
    }
}
