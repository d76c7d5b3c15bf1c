package dev.exeat.cli.settings;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/**
 * The embedded authority.
 *
 * @param api where CSRs and resources go, over TLS
 * @param svidTtl life of an issued certificate, at least a minute
 * @param gatewayNames more DNS names and IP addresses for the certificates of the gateway and of the API
 */
public record AuthoritySettings(InetSocketAddress api, Duration svidTtl, List<String> gatewayNames) {
    public AuthoritySettings {
        gatewayNames = List.copyOf(gatewayNames);
    }
}
