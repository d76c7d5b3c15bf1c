package dev.exeat.policy.egress;

import dev.exeat.model.HostPattern;
import dev.exeat.model.ObjectKey;
import dev.exeat.policy.manifest.Fields;
import dev.exeat.policy.manifest.NameLists;
import java.util.List;

/** Reads HostSet objects. */
public final class HostSetReader {
    private HostSetReader() {}

    public static HostSet read(ObjectKey key, Fields spec) {
        List<HostPattern> hosts = NameLists.hosts(spec, spec.items("hosts"));
        if (hosts.isEmpty() && !spec.findings().hasErrors()) {
            spec.missing("hosts");
        }
        spec.text("description");
        spec.done();
        return new HostSet(key, hosts);
    }
}
