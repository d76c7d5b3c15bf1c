package dev.exeat.proxy;

import dev.exeat.policy.Snapshot;
import java.time.InstantSource;
import java.util.function.Supplier;

/**
 * What every connection of a gateway shares.
 *
 * @param policy the snapshot in force; asked anew for each decision
 * @param reports writes what the user's own log rules ask for
 * @param sink takes the finished traces
 */
public record EgressServices(
        Supplier<Snapshot> policy,
        Upstreams upstreams,
        ReportWriter reports,
        TraceSink sink,
        InstantSource clock,
        EgressLimits limits) {}
