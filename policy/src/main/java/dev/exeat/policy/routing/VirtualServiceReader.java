package dev.exeat.policy.routing;

import dev.exeat.model.HostPattern;
import dev.exeat.model.InvalidNameException;
import dev.exeat.model.ObjectKey;
import dev.exeat.policy.manifest.Field;
import dev.exeat.policy.manifest.Fields;
import dev.exeat.policy.manifest.NameLists;
import dev.exeat.policy.routing.VirtualService.Destination;
import dev.exeat.policy.routing.VirtualService.Match;
import dev.exeat.policy.routing.VirtualService.Route;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads VirtualService objects: their routes of TLS and TCP. */
public final class VirtualServiceReader {
    private final ObjectKey key;
    private final Fields spec;

    private VirtualServiceReader(ObjectKey key, Fields spec) {
        this.key = key;
        this.spec = spec;
    }

    public static VirtualService read(ObjectKey key, Fields spec) {
        return new VirtualServiceReader(key, spec).read();
    }

    private VirtualService read() {
        List<HostPattern> hosts = ownHosts();
        Set<String> gateways = gateways(spec, Set.of(VirtualService.MESH));
        List<Route> routes = new ArrayList<>();
        for (Field item : spec.items("tls")) {
            route(item, gateways, true, routes);
        }
        for (Field item : spec.items("tcp")) {
            route(item, gateways, false, routes);
        }
        Field http = spec.find("http");
        if (http != null) {
            spec.findings()
                    .warning(
                            "no-effect",
                            http.place(),
                            http.path(),
                            "routes of HTTP have no effect here, since Exeat does not open TLS",
                            "write a route of TLS with sniHosts");
        }
        spec.items("export_to");
        spec.done();
        return new VirtualService(key, hosts, gateways, routes);
    }

    /** Short names of a cluster's services are legal, and never what a client of the gateway asks for. */
    private List<HostPattern> ownHosts() {
        List<HostPattern> hosts = new ArrayList<>();
        List<Field> items = spec.items("hosts");
        if (items.isEmpty()) {
            spec.missing("hosts");
        }
        for (Field item : items) {
            String text = spec.text(item);
            try {
                if (text != null) {
                    hosts.add(HostPattern.parse(text));
                }
            } catch (InvalidNameException e) {
                spec.findings()
                        .warning(
                                "no-effect",
                                item.place(),
                                item.path(),
                                "nothing is routed for \"" + text + "\": " + e.getMessage(),
                                "");
            }
        }
        return hosts;
    }

    private Set<String> gateways(Fields fields, Set<String> absent) {
        Set<String> gateways = new HashSet<>();
        for (Field item : fields.items("gateways")) {
            String name = fields.text(item);
            if (name != null) {
                boolean own = !name.equals(VirtualService.MESH) && name.indexOf('/') < 0;
                gateways.add(own ? key.namespace() + "/" + name : name);
            }
        }
        return gateways.isEmpty() ? absent : gateways;
    }

    private void route(Field item, Set<String> gateways, boolean tls, List<Route> routes) {
        Fields route = spec.mapping(item);
        if (route == null) {
            return;
        }
        List<Match> matches = new ArrayList<>();
        for (Field matchItem : route.items("match")) {
            Fields match = route.mapping(matchItem);
            if (match != null) {
                matches.add(match(match, gateways, tls));
            }
        }
        if (matches.isEmpty()) {
            matches.add(new Match(gateways, 0, List.of()));
        }
        Destination destination = destination(route);
        route.done();
        if (destination != null) {
            routes.add(new Route(matches, destination));
        }
    }

    private Match match(Fields match, Set<String> gateways, boolean tls) {
        List<HostPattern> hosts = NameLists.hosts(match, match.items("sni_hosts"));
        if (tls && hosts.isEmpty() && !match.findings().hasErrors()) {
            match.missing("sni_hosts");
        }
        int port = Ports.read(match, "port");
        Set<String> narrower = gateways(match, gateways);
        match.accept("source_labels", "source_namespace", "destination_subnets");
        match.done();
        return new Match(narrower, port, hosts);
    }

    private @Nullable Destination destination(Fields route) {
        List<Field> items = route.items("route");
        if (items.size() != 1) {
            Field field = route.find("route");
            route.findings()
                    .error(
                            items.isEmpty() ? "missing-field" : "unsupported",
                            field == null ? route.place() : field.place(),
                            route.path("route"),
                            items.isEmpty()
                                    ? "the route leads nowhere"
                                    : "a route to several destinations is not supported: a name has one place to go to",
                            "give it one destination");
            return null;
        }
        Fields weighted = route.mapping(items.getFirst());
        Fields destination = weighted == null ? null : weighted.mapping("destination");
        if (weighted == null || destination == null) {
            return null;
        }
        String host = destination.requiredText("host");
        Fields port = destination.mapping("port");
        int number = port == null ? 0 : Ports.read(port, "number");
        destination.accept("subset");
        destination.done();
        weighted.accept("weight");
        weighted.done();
        return host == null ? null : new Destination(host, number, destination.place("host"), destination.path("host"));
    }
}
