package dev.exeat.proxy;

import dev.exeat.policy.Decision;
import dev.exeat.policy.Snapshot;
import java.time.InstantSource;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What every connection of a gateway shares.
 *
 * @param policy the snapshot in force; asked anew for each decision
 * @param shadow policies that only look on, or null
 * @param reports writes what the user's own log rules ask for
 * @param sink takes the finished traces
 */
public record EgressServices(
        Supplier<Snapshot> policy,
        @Nullable ShadowPolicy shadow,
        Upstreams upstreams,
        ReportWriter reports,
        TraceSink sink,
        InstantSource clock,
        EgressLimits limits) {

    /** Has the policies that only look on judge what was decided. */
    void look(Decision decision, ConnectionTrace trace) {
        if (shadow != null) {
            trace.shadowed(shadow.judge(decision));
        }
    }
}
