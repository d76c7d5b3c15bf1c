package dev.exeat.control.importing;

import dev.exeat.control.importing.ImportedPolicy.Destination;
import dev.exeat.model.HostPattern;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Linkerd's EgressNetwork objects and the routes that are attached to them. Under {@code trafficPolicy: Deny} clients of the
 * network's namespace reach what a route leads to; networks of the global namespace are for the clients of all others.
 */
final class LinkerdImport {
    private static final String GLOBAL = "linkerd-egress";
    private static final String NETWORK = "EgressNetwork";
    private static final Set<String> ROUTES = Set.of("TLSRoute", "TCPRoute", "HTTPRoute", "GRPCRoute");
    private static final int TLS = 443;

    private final Draft draft;
    private final ImportOptions options;
    private final ForeignNames names;
    private final Map<String, Network> networks = new LinkedHashMap<>();

    /** @param doubt why its routes cannot be carried over; empty if they can */
    private record Network(String namespace, String name, boolean denies, boolean partial, Piece piece, String doubt) {
        Network doubted(String why) {
            return new Network(namespace, name, denies, partial, piece, why);
        }
    }

    LinkerdImport(Draft draft) {
        this.draft = draft;
        this.options = draft.options();
        this.names = new ForeignNames(draft, ForeignNames.Wildcard.ANY_DEPTH);
    }

    void read(List<Piece> objects) {
        List<Piece> routes = new ArrayList<>();
        for (Piece object : objects) {
            String kind = object.text("kind");
            if (kind.equals(NETWORK)) {
                network(object);
            } else if (ROUTES.contains(kind)) {
                routes.add(object);
            } else {
                draft.loss(
                        object.place(), kind.isEmpty() ? "the document" : kind, "it is no network or route of egress");
            }
        }
        if (networks.isEmpty()) {
            throw new ImportException(objects.getFirst().place(), "the file has no EgressNetwork", "");
        }
        doubt();
        networks.values().stream().filter(Network::denies).forEach(this::close);
        routes.forEach(this::route);
    }

    private void network(Piece object) {
        Piece spec = object.get("spec");
        String policy = spec == null ? "" : spec.text("trafficPolicy");
        if (spec == null || !(policy.equals("Allow") || policy.equals("Deny"))) {
            throw new ImportException(object.place(), "the trafficPolicy is neither Allow nor Deny", "");
        }
        Network network = new Network(
                namespace(object),
                name(object),
                policy.equals("Deny"),
                !spec.items("networks").isEmpty(),
                object,
                "");
        networks.put(network.namespace() + "/" + network.name(), network);
        if (!network.denies()) {
            draft.loss(
                    object.place(),
                    NETWORK + " " + network.name(),
                    "it allows what no route names, so there is nothing to say");
        }
    }

    private String namespace(Piece object) {
        Piece metadata = object.get("metadata");
        String namespace = metadata == null ? "" : metadata.text("namespace");
        return namespace.isEmpty() ? options.namespace() : ForeignNames.namespace(object.place(), namespace);
    }

    private static String name(Piece object) {
        Piece metadata = object.get("metadata");
        return metadata == null ? "" : metadata.text("name");
    }

    /** Where it depends on addresses and age which network counts, its routes must not open what another closes. */
    private void doubt() {
        Map<String, Integer> inNamespace = new TreeMap<>();
        networks.values().forEach(network -> inNamespace.merge(network.namespace(), 1, Integer::sum));
        boolean local = inNamespace.keySet().stream().anyMatch(namespace -> !namespace.equals(GLOBAL));
        networks.replaceAll((key, network) -> {
            if (inNamespace.getOrDefault(network.namespace(), 0) > 1) {
                return network.doubted("of several networks in one namespace addresses decide which one counts");
            }
            if (network.namespace().equals(GLOBAL) && local) {
                return network.doubted("networks of other namespaces come before it");
            }
            return network.partial() && networks.size() > 1
                    ? network.doubted("it is for some addresses alone, and others for other ones")
                    : network;
        });
    }

    private String reach(String namespace) {
        return namespace.equals(GLOBAL) ? options.rootNamespace() : namespace;
    }

    private void close(Network network) {
        if (network.partial()) {
            draft.loss(
                    network.piece().place(),
                    NETWORK + " " + network.name(),
                    "it is for some addresses alone; here clients need an allowance for every host");
        }
        if (network.namespace().equals(GLOBAL)) {
            draft.loss(
                    network.piece().place(),
                    NETWORK + " " + network.name(),
                    "it is for clients that no network of their own namespace is for; here it is for everybody");
        }
        draft.close(reach(network.namespace()), network.piece().place());
    }

    private void route(Piece route) {
        Piece spec = route.get("spec");
        if (spec == null) {
            return;
        }
        for (Piece parent : spec.items("parentRefs")) {
            if (!parent.text("kind").equals(NETWORK)) {
                continue;
            }
            String own = parent.text("namespace");
            String of = own.isEmpty() ? namespace(route) : own;
            Network network = networks.get(of + "/" + parent.text("name"));
            if (network == null) {
                draft.loss(route.place(), title(route), "its EgressNetwork is not in the file; left out");
            } else if (network.denies()) {
                attached(route, spec, parent, network);
            } else {
                refused(route, spec, network, whyNot(route, spec, network));
            }
        }
    }

    private static String title(Piece route) {
        return route.text("kind") + " " + name(route);
    }

    private void attached(Piece route, Piece spec, Piece parent, Network network) {
        String why = whyNot(route, spec, network);
        if (!why.isEmpty()) {
            refused(route, spec, network, why);
            return;
        }
        List<HostPattern> hosts = hosts(spec);
        if (hosts.isEmpty()) {
            return;
        }
        int port = PortSpans.number(parent.text("port"));
        if (port == 0) {
            draft.loss(parent.place(), title(route), "it is for every port; here the hosts are allowed on 443");
        }
        draft.add(ImportedPolicy.allow(name(route), reach(namespaceOf(route, network)), route.place())
                .to(List.of(new Destination(hosts, List.of(port == 0 ? TLS : port)))));
    }

    /** A route beside its network is for the clients of its own namespace. */
    private String namespaceOf(Piece route, Network network) {
        String namespace = namespace(route);
        return namespace.equals(network.namespace()) ? network.namespace() : namespace;
    }

    private static String whyNot(Piece route, Piece spec, Network network) {
        String kind = route.text("kind");
        if (!network.doubt().isEmpty()) {
            return network.doubt();
        }
        if (kind.equals("TCPRoute")) {
            return "it is for what names no host, or for hosts that no TLSRoute names";
        }
        if (!kind.equals("TLSRoute")) {
            return "it is for requests in clear, and only TLS goes through the gateway; if the clients speak TLS, write a TLSRoute";
        }
        for (Piece rule : spec.items("rules")) {
            if (!rule.others(Set.of("backendRefs", "name")).isEmpty()) {
                return "it has conditions beside hosts";
            }
            for (Piece backend : rule.items("backendRefs")) {
                if (!backend.text("kind").equals(NETWORK)) {
                    return "it leads to another place than the one asked for";
                }
            }
            if (rule.items("backendRefs").isEmpty()) {
                return "it leads nowhere";
            }
        }
        return spec.items("rules").isEmpty() ? "it leads nowhere" : "";
    }

    /** Its hosts must not be allowed by a wildcard of another route: in Linkerd the more telling route counts. */
    private void refused(Piece route, Piece spec, Network network, String why) {
        if (why.isEmpty()) {
            return;
        }
        boolean closes =
                route.text("kind").equals("TLSRoute") && network.doubt().isEmpty();
        draft.loss(route.place(), title(route), "left out: " + why + (closes ? "; its hosts are denied" : ""));
        List<HostPattern> hosts = closes ? hosts(spec) : List.of();
        if (!hosts.isEmpty()) {
            draft.add(ImportedPolicy.deny(name(route), reach(namespaceOf(route, network)), route.place())
                    .to(List.of(new Destination(hosts, List.of()))));
        }
    }

    /** A route without hosts is for every host. */
    private List<HostPattern> hosts(Piece spec) {
        List<HostPattern> hosts = new ArrayList<>();
        for (Piece item : spec.items("hostnames")) {
            HostPattern host = names.host(item.place(), item.path(), item.text());
            if (host != null) {
                hosts.add(host);
            }
        }
        return spec.items("hostnames").isEmpty() ? List.of(ForeignNames.EVERY_HOST) : hosts;
    }
}
