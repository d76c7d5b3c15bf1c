package dev.exeat.cli.settings;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What {@code exeat up} and {@code exeat gateway} have in common.
 *
 * @param name under which the gateway reports, or null for one of the machine and the data directory
 */
public record DataPlaneSettings(
        String trustDomain,
        List<FederatedBundle> federated,
        ListenerSettings listeners,
        PolicySettings policy,
        DestinationSettings destinations,
        LimitSettings limits,
        PeerSettings peers,
        ChangeSettings changes,
        RecordSettings records,
        MetricSettings metrics,
        @Nullable String name) {}
