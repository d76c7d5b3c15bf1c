package dev.exeat.policy.routing;

import dev.exeat.model.HostPattern;
import dev.exeat.model.HostPort;
import dev.exeat.model.ObjectKey;
import dev.exeat.model.Place;
import java.util.List;
import java.util.Set;

/**
 * A VirtualService object: where connections go, from workload proxies ({@code mesh}) and from gateways.
 *
 * @param gateways as {@code namespace/name}, or {@code mesh}
 */
public record VirtualService(ObjectKey key, List<HostPattern> hosts, Set<String> gateways, List<Route> routes) {
    /** Stands for every workload proxy. */
    static final String MESH = "mesh";

    public VirtualService {
        hosts = List.copyOf(hosts);
        gateways = Set.copyOf(gateways);
        routes = List.copyOf(routes);
    }

    /**
     * @param matches of which one must match
     */
    public record Route(List<Match> matches, Destination destination) {
        public Route {
            matches = List.copyOf(matches);
        }
    }

    /**
     * @param gateways narrower than those of the object; never empty
     * @param port 0 for every port
     * @param hosts empty for every host, as in a route of TCP
     */
    public record Match(Set<String> gateways, int port, List<HostPattern> hosts) {
        public Match {
            gateways = Set.copyOf(gateways);
            hosts = List.copyOf(hosts);
        }

        boolean matches(HostPort target) {
            return (port == 0 || port == target.port())
                    && (hosts.isEmpty() || hosts.stream().anyMatch(host -> host.matches(target.host())));
        }
    }

    /** @param port 0 where it is the one that was asked for */
    public record Destination(String host, int port, Place place, String field) {}
}
