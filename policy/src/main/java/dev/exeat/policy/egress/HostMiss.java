package dev.exeat.policy.egress;

import dev.exeat.model.HostPattern;
import dev.exeat.model.HostPort;
import dev.exeat.policy.stage.Miss;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Tells why hosts and ports do not cover a target, by the pattern that comes nearest. */
final class HostMiss {
    private static final int TOLD = 5;

    private HostMiss() {}

    static Miss of(List<HostPattern> hosts, Set<Integer> ports, HostPort target) {
        for (HostPattern host : hosts) {
            if (host.matches(target.host())) {
                return Miss.near(
                        host + " covers the host, but not port " + target.port() + " (only " + listed(ports) + ")");
            }
        }
        String name = target.host().value();
        for (HostPattern host : hosts) {
            if (host.wildcard() && host.suffix().equals(name)) {
                return Miss.near(host + " does not cover " + name + " itself");
            }
        }
        for (HostPattern host : hosts) {
            if (!host.wildcard() && name.endsWith("." + host.suffix())) {
                return Miss.near(host + " covers that name alone, not " + name + " below it");
            }
        }
        return Miss.far(target.host() + " is none of "
                + hosts.stream().limit(TOLD).map(HostPattern::toString).collect(Collectors.joining(", "))
                + (hosts.size() > TOLD ? " and " + (hosts.size() - TOLD) + " more" : ""));
    }

    private static String listed(Set<Integer> ports) {
        return ports.stream().sorted().map(String::valueOf).collect(Collectors.joining(", "));
    }
}
