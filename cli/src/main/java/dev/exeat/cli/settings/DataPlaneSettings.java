package dev.exeat.cli.settings;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What {@code exeat up} and {@code exeat gateway} have in common. */
public record DataPlaneSettings(
        String trustDomain,
        List<FederatedBundle> federated,
        ListenerSettings listeners,
        PolicySettings policy,
        DestinationSettings destinations,
        LimitSettings limits,
        PeerSettings peers,
        ChangeSettings changes,
        @Nullable RecordLog recordLog) {}
