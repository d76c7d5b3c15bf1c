package dev.exeat.cli.settings;

import dev.exeat.model.SpiffeId;
import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code exeat proxy}: the workload's side.
 *
 * @param gateways in order of preference; an address given by name is unresolved
 * @param gatewayId whom the gateway must be, or null for {@code spiffe://<own trust domain>/ns/exeat-system/sa/exeat-gateway}
 */
public record ProxySettings(
        Enrolment enrolment,
        List<InetSocketAddress> gateways,
        @Nullable SpiffeId gatewayId,
        InetSocketAddress listen,
        InetSocketAddress admin,
        OnDeny onDeny,
        CaptureSettings capture,
        LimitSettings limits,
        RoleSettings role) {
    public ProxySettings {
        gateways = List.copyOf(gateways);
    }
}
