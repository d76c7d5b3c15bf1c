package dev.exeat.policy.routing;

import dev.exeat.model.HostPattern;
import dev.exeat.model.InvalidNameException;
import dev.exeat.model.ObjectKey;
import dev.exeat.model.PolicyRef;
import dev.exeat.model.Problem;
import dev.exeat.model.ServerName;
import dev.exeat.policy.manifest.Findings;
import dev.exeat.policy.registry.Registry;
import dev.exeat.policy.registry.ServiceEntry;
import dev.exeat.policy.routing.Routing.Goal;
import dev.exeat.policy.routing.Routing.Leading;
import dev.exeat.policy.routing.Routing.Taking;
import dev.exeat.policy.routing.VirtualService.Destination;
import dev.exeat.policy.routing.VirtualService.Match;
import dev.exeat.policy.routing.VirtualService.Route;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Joins Gateways with the routes that are bound to them, and says what each object does. Remembers what is there, and
 * joins it anew after any change. Not thread-safe.
 */
public final class RoutingLinker {
    private final Map<String, String> labels;
    private final Map<ObjectKey, IstioGateway> gateways = new TreeMap<>();
    private final Map<ObjectKey, VirtualService> services = new TreeMap<>();
    private final Set<ObjectKey> broken = new TreeSet<>();
    private final Map<ObjectKey, String> effects = new TreeMap<>();
    private final List<Problem> problems = new ArrayList<>();
    private Registry registry = Registry.empty();
    private Routing routing = new Routing(false, List.of(), false, List.of());

    /**
     * What changed; an object that has another content is gone and has come.
     *
     * @param broken Gateway and VirtualService objects that could not be read: a Gateway then takes nothing, and a
     *     VirtualService routes nothing, which is not the same as if there were none
     */
    public record Objects(
            Collection<IstioGateway> gateways, Collection<VirtualService> services, Collection<ObjectKey> broken) {
        boolean isEmpty() {
            return gateways.isEmpty() && services.isEmpty() && broken.isEmpty();
        }
    }

    /** @param labels of this gateway */
    public RoutingLinker(Map<String, String> labels) {
        this.labels = labels;
    }

    /** The routing after a change. */
    public Routing link(Objects gone, Objects come, Registry now) {
        gone.gateways().forEach(gateway -> gateways.remove(gateway.key()));
        gone.services().forEach(service -> services.remove(service.key()));
        gone.broken().forEach(broken::remove);
        come.gateways().forEach(gateway -> gateways.put(gateway.key(), gateway));
        come.services().forEach(service -> services.put(service.key(), service));
        broken.addAll(come.broken());
        boolean sameHosts = services.isEmpty() || now == registry;
        registry = now;
        if (!gone.isEmpty() || !come.isEmpty() || !sameHosts) {
            routing = link();
        }
        return routing;
    }

    private Routing link() {
        effects.clear();
        problems.clear();
        List<Taking> taking = new ArrayList<>();
        Set<String> here = new HashSet<>();
        for (IstioGateway gateway : gateways.values()) {
            if (!gateway.selects(labels)) {
                effects.put(
                        gateway.key(),
                        "nothing: it selects gateways labelled " + new TreeMap<>(gateway.selector())
                                + ", and this one is not");
                continue;
            }
            here.add(gateway.key().namespace() + "/" + gateway.key().name());
            for (int i = 0; i < gateway.servers().size(); i++) {
                taking.add(new Taking(
                        new PolicyRef(gateway.key(), i), gateway.servers().get(i)));
            }
            effects.put(gateway.key(), "the gateway takes " + taken(gateway));
        }
        List<Leading> leading = new ArrayList<>();
        for (VirtualService service : services.values()) {
            leading.addAll(link(service, here));
        }
        boolean brokenGateway = broken.stream().anyMatch(key -> key.kind().equals("Gateway"));
        boolean brokenRoutes = broken.stream().anyMatch(key -> key.kind().equals("VirtualService"));
        return new Routing(brokenGateway || !taking.isEmpty(), taking, brokenRoutes || !leading.isEmpty(), leading);
    }

    /** What each object does here, for people. */
    public Map<ObjectKey, String> effects() {
        return Map.copyOf(effects);
    }

    public List<Problem> problems() {
        return List.copyOf(problems);
    }

    private static String taken(IstioGateway gateway) {
        List<String> servers = gateway.servers().stream()
                .map(server -> server
                        + (server.mode() == IstioGateway.Mode.PASSTHROUGH
                                ? " on the plain listener"
                                : " on the tunnel listener"))
                .toList();
        return String.join(", and ", servers);
    }

    private List<Leading> link(VirtualService service, Set<String> here) {
        Findings findings = new Findings(service.key());
        List<Leading> leading = new ArrayList<>();
        List<String> told = new ArrayList<>();
        for (int i = 0; i < service.routes().size(); i++) {
            Route route = service.routes().get(i);
            for (Match match : route.matches()) {
                String what = hosts(service, match);
                if (match.gateways().contains(VirtualService.MESH)) {
                    told.add("workload proxies send " + what + " to the gateway, as they send everything");
                }
                if (!Collections.disjoint(match.gateways(), here)) {
                    Goal goal = goal(route.destination(), findings);
                    leading.add(new Leading(new PolicyRef(service.key(), i), covering(service, match), goal));
                    told.add("the gateway sends " + what + " to " + told(goal));
                }
            }
        }
        problems.addAll(findings.problems());
        effects.put(
                service.key(),
                told.isEmpty() ? "nothing: it is bound to no Gateway of this gateway" : String.join("; ", told));
        return leading;
    }

    /** A route without names of its own, as one of TCP, is for the hosts of its object. */
    private static Match covering(VirtualService service, Match match) {
        return match.hosts().isEmpty() ? new Match(match.gateways(), match.port(), service.hosts()) : match;
    }

    private static String hosts(VirtualService service, Match match) {
        List<String> names = covering(service, match).hosts().stream()
                .map(HostPattern::toString)
                .toList();
        return String.join(", ", names);
    }

    private Goal goal(Destination destination, Findings findings) {
        HostPattern host;
        try {
            host = HostPattern.parse(destination.host());
        } catch (InvalidNameException e) {
            return unknown(destination, findings);
        }
        if (host.wildcard()) {
            return new Goal.Itself();
        }
        ServerName name = ServerName.parse(host.suffix());
        List<ServiceEntry> entries = registry.covering(name.value());
        if (entries.stream().anyMatch(ServiceEntry::local)) {
            return new Goal.Itself();
        }
        return entries.isEmpty() ? unknown(destination, findings) : new Goal.Named(name, destination.port());
    }

    private static Goal unknown(Destination destination, Findings findings) {
        findings.error(
                "dangling-reference",
                destination.place(),
                destination.field(),
                "no ServiceEntry makes " + destination.host() + " known, so what is routed there is refused",
                "add one, or route to the name itself");
        return new Goal.Unknown(destination.host());
    }

    private static String told(Goal goal) {
        return switch (goal) {
            case Goal.Itself _ -> "the name that the client asks for; the SNI proxy is built in";
            case Goal.Named(ServerName host, int port) -> host + (port == 0 ? "" : ":" + port);
            case Goal.Unknown(String host) -> host + ", which is not known, so it is refused";
        };
    }
}
