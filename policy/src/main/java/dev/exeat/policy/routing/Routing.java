package dev.exeat.policy.routing;

import dev.exeat.model.Attempt;
import dev.exeat.model.HostPattern;
import dev.exeat.model.HostPort;
import dev.exeat.model.PolicyRef;
import dev.exeat.model.ServerName;
import dev.exeat.policy.index.AttemptIndex;
import dev.exeat.policy.index.Subjects;
import dev.exeat.policy.routing.IstioGateway.Server;
import dev.exeat.policy.routing.VirtualService.Match;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the Gateway objects for this gateway take, and where the routes of VirtualService objects lead. Where no Gateway is
 * for this gateway its listeners take every name; where no route is bound to those Gateways each name leads to itself.
 * Immutable and thread-safe.
 */
public final class Routing {
    private static final List<HostPattern> ANY_HOST = List.of(HostPattern.parse("*"));
    private static final Comparator<PolicyRef> BY_NAME =
            Comparator.comparing(PolicyRef::object).thenComparingInt(PolicyRef::index);

    private final boolean byGateways;
    private final boolean byRoutes;
    private final AttemptIndex<Taking> servers;
    private final AttemptIndex<Leading> routes;

    /** A server of a Gateway. */
    record Taking(PolicyRef ref, Server server) {}

    /** One match of a route. */
    record Leading(PolicyRef ref, Match match, Goal goal) {}

    /** Where a route leads. */
    sealed interface Goal {
        /** To the name that the client asks for. */
        record Itself() implements Goal {}

        /** @param port 0 for the one that the client asks for */
        record Named(ServerName host, int port) implements Goal {}

        /** To a place that this gateway cannot reach. */
        record Unknown(String host) implements Goal {}
    }

    /**
     * @param byGateways whether there are Gateways for this gateway, readable or not
     * @param byRoutes whether there are routes from them, readable or not
     */
    Routing(boolean byGateways, Collection<Taking> servers, boolean byRoutes, Collection<Leading> routes) {
        this.byGateways = byGateways;
        this.byRoutes = byRoutes;
        AttemptIndex.Edit<Taking> taking = AttemptIndex.<Taking>empty(Comparator.comparing(Taking::ref, BY_NAME))
                .edit();
        servers.forEach(server -> taking.add(Subjects.ANYONE, server.server().hosts(), server));
        AttemptIndex.Edit<Leading> leading = AttemptIndex.<Leading>empty(Comparator.comparing(Leading::ref, BY_NAME))
                .edit();
        routes.forEach(route -> leading.add(
                Subjects.ANYONE,
                route.match().hosts().isEmpty() ? ANY_HOST : route.match().hosts(),
                route));
        this.servers = taking.done();
        this.routes = leading.done();
    }

    public RouteVerdict route(Attempt attempt) {
        HostPort target = attempt.target();
        if (!byGateways) {
            return new RouteVerdict.To(target, null);
        }
        PolicyRef taking = taking(attempt);
        if (taking == null) {
            return new RouteVerdict.Nowhere(
                    "no Gateway takes " + target + " on the "
                            + attempt.listener().code() + " listener",
                    "add the host and port to a server of a Gateway that selects this gateway",
                    null);
        }
        if (!byRoutes) {
            return new RouteVerdict.To(target, taking);
        }
        Leading route = leading(attempt);
        if (route == null) {
            return new RouteVerdict.Nowhere(
                    "no VirtualService routes " + target + " from a Gateway of this gateway",
                    "add it to the sniHosts of a route of TLS",
                    taking);
        }
        return switch (route.goal()) {
            case Goal.Itself _ -> new RouteVerdict.To(target, route.ref());
            case Goal.Named(ServerName host, int port) ->
                new RouteVerdict.To(new HostPort(host, port == 0 ? target.port() : port), route.ref());
            case Goal.Unknown(String host) ->
                new RouteVerdict.Nowhere(
                        route.ref().object() + " leads to " + host + ", which no ServiceEntry makes known",
                        "add a ServiceEntry for it, or route to the name itself",
                        route.ref());
        };
    }

    private @Nullable PolicyRef taking(Attempt attempt) {
        List<PolicyRef> found = new ArrayList<>(1);
        servers.candidates(attempt, server -> {
            if (server.server().takes(attempt.target(), attempt.listener())) {
                found.add(server.ref());
            }
        });
        return found.isEmpty() ? null : found.stream().min(BY_NAME).orElseThrow();
    }

    /** Of several routes the one with the most telling host: an exact name, else the longest suffix. */
    private @Nullable Leading leading(Attempt attempt) {
        List<Leading> found = new ArrayList<>(1);
        routes.candidates(attempt, route -> {
            if (route.match().matches(attempt.target())) {
                found.add(route);
            }
        });
        return found.stream()
                .min(Comparator.<Leading>comparingInt(route -> -weight(route.match(), attempt.target()))
                        .thenComparing(Leading::ref, BY_NAME))
                .orElse(null);
    }

    private static int weight(Match match, HostPort target) {
        int weight = 0;
        for (HostPattern host : match.hosts()) {
            if (host.matches(target.host())) {
                weight = Math.max(weight, host.wildcard() ? 1 + host.suffix().length() : Integer.MAX_VALUE);
            }
        }
        return weight;
    }
}
