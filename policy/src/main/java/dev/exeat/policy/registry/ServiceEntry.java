package dev.exeat.policy.registry;

import dev.exeat.model.HostPattern;
import dev.exeat.model.ObjectKey;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An entry of the registry.
 *
 * @param exportedTo the namespaces whose clients see it; {@code *} for every client, with an identity or without
 * @param local whether all its endpoints are on the gateway's own machine, as those of the SNI proxy are that Istio's
 *     pages put beside a gateway
 */
public record ServiceEntry(
        ObjectKey key, List<HostPattern> hosts, List<Port> ports, Set<String> exportedTo, boolean local) {
    public ServiceEntry {
        hosts = List.copyOf(hosts);
        ports = List.copyOf(ports);
        exportedTo = Set.copyOf(exportedTo);
    }

    /** @param protocol in upper case */
    public record Port(int number, String protocol) {
        /** Whether TLS may be spoken there; the others are protocols in clear. */
        public boolean carriesTls() {
            return switch (protocol) {
                case "HTTP", "HTTP_PROXY", "HTTP2", "GRPC", "GRPC-WEB", "UDP" -> false;
                default -> true;
            };
        }
    }

    boolean isVisibleTo(@Nullable String namespace) {
        return exportedTo.contains("*") || (namespace != null && exportedTo.contains(namespace));
    }

    @Nullable
    Port port(int number) {
        for (Port port : ports) {
            if (port.number() == number) {
                return port;
            }
        }
        return null;
    }

    boolean admits(int number) {
        Port port = port(number);
        return port != null && port.carriesTls();
    }
}
