package dev.exeat.policy.egress;

import dev.exeat.model.Cidr;
import dev.exeat.model.HostPattern;
import dev.exeat.model.Node;
import dev.exeat.policy.egress.EgressPolicy.Action;
import dev.exeat.policy.egress.EgressPolicy.Destination;
import dev.exeat.policy.egress.EgressPolicy.SetReference;
import dev.exeat.policy.manifest.Field;
import dev.exeat.policy.manifest.Fields;
import dev.exeat.policy.manifest.NameLists;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Reads one destination of an EgressPolicy. */
final class DestinationReader {
    private static final Set<Integer> TLS = Set.of(443);
    private static final int MAX_PORT = 65535;

    private final Fields destination;
    private final Action action;
    private final boolean inRoot;

    DestinationReader(Fields destination, Action action, boolean inRoot) {
        this.destination = destination;
        this.action = action;
        this.inRoot = inRoot;
    }

    Destination read() {
        List<HostPattern> hosts = NameLists.hosts(destination, destination.items("hosts"));
        List<SetReference> sets = sets();
        if (hosts.isEmpty() && sets.isEmpty() && !destination.findings().hasErrors()) {
            destination
                    .findings()
                    .error(
                            "missing-field",
                            destination.place(),
                            destination.path("hosts"),
                            "the destination names no host",
                            "add hosts: [example.com] or hostSets: [name]; \"*\" stands for every host");
        }
        Set<Integer> ports = ports();
        List<Cidr> exceptions = exceptions(hosts);
        destination.done();
        return new Destination(hosts, sets, ports, exceptions);
    }

    private List<SetReference> sets() {
        List<SetReference> sets = new ArrayList<>();
        for (Field item : destination.items("host_sets")) {
            String name = destination.text(item);
            if (name != null) {
                sets.add(new SetReference(name, item.place(), item.path()));
            }
        }
        return sets;
    }

    /** A denial that names no port is for every port: what is denied must not be reached beside 443. */
    private Set<Integer> ports() {
        Set<Integer> ports = new HashSet<>();
        for (Field item : destination.items("ports")) {
            if (item.node() instanceof Node.Scalar scalar
                    && scalar.type() == Node.ScalarType.INTEGER
                    && scalar.text().matches("[0-9]{1,5}")
                    && Integer.parseInt(scalar.text()) >= 1
                    && Integer.parseInt(scalar.text()) <= MAX_PORT) {
                ports.add(Integer.parseInt(scalar.text()));
            } else {
                destination.wrongType(item, "a port from 1 to 65535", "");
            }
        }
        return ports.isEmpty() && action == Action.ALLOW ? TLS : ports;
    }

    private List<Cidr> exceptions(List<HostPattern> hosts) {
        List<Cidr> exceptions = NameLists.blocks(destination, destination.items("cidrs"));
        if (exceptions.isEmpty()) {
            return exceptions;
        }
        if (action == Action.DENY) {
            error("a denial needs no exceptions for addresses", "remove cidrs");
        } else if (!inRoot) {
            error(
                    "exceptions from the address guard are given in the root namespace alone, so that a team cannot open"
                            + " private networks to itself",
                    "ask who runs the gateway for a policy there");
        } else if (hosts.stream()
                .anyMatch(host -> host.wildcard() && host.suffix().isEmpty())) {
            error("an exception for every host would let any name lead into " + exceptions, "name the hosts");
        }
        return exceptions;
    }

    private void error(String message, String cure) {
        destination
                .findings()
                .error("invalid-value", destination.place("cidrs"), destination.path("cidrs"), message, cure);
    }
}
