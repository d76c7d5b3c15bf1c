package dev.exeat.policy.egress;

import dev.exeat.model.HostPattern;
import dev.exeat.model.ObjectKey;
import java.util.List;

/** Hosts under one name, for several policies. */
public record HostSet(ObjectKey key, List<HostPattern> hosts) {
    public HostSet {
        hosts = List.copyOf(hosts);
    }
}
