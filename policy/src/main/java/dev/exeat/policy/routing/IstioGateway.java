package dev.exeat.policy.routing;

import dev.exeat.model.HostPattern;
import dev.exeat.model.HostPort;
import dev.exeat.model.ListenerKind;
import dev.exeat.model.ObjectKey;
import java.util.List;
import java.util.Map;

/**
 * A Gateway object: what the listeners of the workloads that it selects take.
 *
 * @param selector labels that the gateway must have; empty for every gateway
 */
public record IstioGateway(ObjectKey key, Map<String, String> selector, List<Server> servers) {
    public IstioGateway {
        selector = Map.copyOf(selector);
        servers = List.copyOf(servers);
    }

    /** How a server takes TLS. */
    public enum Mode {
        /** The client's own TLS is passed on, as on the plain listener. */
        PASSTHROUGH,
        /** The client's TLS comes within mutual TLS, as on the tunnel listener. */
        MUTUAL;

        boolean is(ListenerKind listener) {
            return (this == PASSTHROUGH) == (listener == ListenerKind.PLAIN);
        }
    }

    /** @param hosts of which one must cover the server name */
    public record Server(int port, Mode mode, List<HostPattern> hosts) {
        public Server {
            hosts = List.copyOf(hosts);
        }

        boolean takes(HostPort target, ListenerKind listener) {
            return port == target.port()
                    && mode.is(listener)
                    && hosts.stream().anyMatch(host -> host.matches(target.host()));
        }

        @Override
        public String toString() {
            return String.join(", ", hosts.stream().map(HostPattern::toString).toList()) + " on port " + port;
        }
    }

    /** Whether it is for a gateway with these labels. */
    public boolean selects(Map<String, String> labels) {
        return labels.entrySet().containsAll(selector.entrySet());
    }
}
