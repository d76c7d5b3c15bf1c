package dev.exeat.policy.diff;

import dev.exeat.model.HostPort;
import dev.exeat.model.Resource;
import java.util.Collection;
import java.util.List;

/**
 * The clients and hosts that policies speak of, and for each namespace and wildcard one that none of them names:
 * {@value #OTHER_ACCOUNT} stands for all other accounts, {@value #OTHER_LABEL} as the first label for all other hosts
 * below a wildcard.
 *
 * @param clients those without an identity first: one at any address, and one in each block that policies name
 * @param targets by their names; {@value #OTHER_HOST} stands for the hosts that no policy names
 * @param conditional whether policies ask what a ClientHello says beside its name
 */
public record Population(List<Client> clients, List<HostPort> targets, boolean conditional) {
    public static final String OTHER_ACCOUNT = "another-account";
    public static final String OTHER_LABEL = "another";
    /** A name that nobody can have (RFC 2606 section 3). */
    public static final String OTHER_HOST = "another-host.example";
    /** Where no policy says of which namespace it speaks. */
    public static final String OTHER_NAMESPACE = "another-namespace";

    public Population {
        clients = List.copyOf(clients);
        targets = List.copyOf(targets);
    }

    /** @param trustDomain of service accounts that are named without one */
    public static Population of(Collection<Resource> resources, String trustDomain) {
        PopulationScan scan = new PopulationScan(trustDomain);
        resources.forEach(scan::add);
        return scan.population();
    }

    /** How many pairs of a client and a host there are. */
    public long pairs() {
        return (long) clients.size() * targets.size();
    }
}
