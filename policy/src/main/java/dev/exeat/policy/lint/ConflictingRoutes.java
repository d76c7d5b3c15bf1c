package dev.exeat.policy.lint;

import dev.exeat.model.HostPattern;
import dev.exeat.model.ObjectKey;
import dev.exeat.policy.routing.VirtualService;
import dev.exeat.policy.routing.VirtualService.Destination;
import dev.exeat.policy.routing.VirtualService.Match;
import dev.exeat.policy.routing.VirtualService.Route;
import dev.exeat.policy.routing.VirtualServiceReader;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** Two routes for the same host, port and gateway that lead to different places: the name of the object decides. */
final class ConflictingRoutes implements LintCheck {
    private record Way(String gateway, int port, HostPattern host) {}

    private record Leading(ObjectKey object, String to) {}

    @Override
    public String code() {
        return "conflicting-routes";
    }

    @Override
    public void check(LintSubject subject, Consumer<Finding> findings) {
        Map<Way, Leading> ways = new HashMap<>();
        for (SpecView object : subject.objects()) {
            if (!object.is("networking.istio.io", "VirtualService")) {
                continue;
            }
            VirtualService service = VirtualServiceReader.read(object.key(), object.spec());
            Set<String> told = new HashSet<>();
            for (Route route : service.routes()) {
                Destination destination = route.destination();
                String to = destination.host() + (destination.port() == 0 ? "" : ":" + destination.port());
                Leading leading = new Leading(object.key(), to);
                for (Match match : route.matches()) {
                    for (HostPattern host : match.hosts().isEmpty() ? service.hosts() : match.hosts()) {
                        for (String gateway : match.gateways()) {
                            Leading other = ways.putIfAbsent(new Way(gateway, match.port(), host), leading);
                            if (other != null && !other.to().equals(to) && told.add(host + " " + to)) {
                                findings.accept(finding(object, host, destination, to, other));
                            }
                        }
                    }
                }
            }
        }
    }

    private static Finding finding(
            SpecView object, HostPattern host, Destination destination, String to, Leading other) {
        return new Finding(
                object.key(),
                destination.place(),
                destination.field(),
                host + " is routed to " + to + " here and to " + other.to() + " by " + other.object()
                        + ", which comes first by name and decides",
                "keep one route for each host, port and gateway");
    }
}
