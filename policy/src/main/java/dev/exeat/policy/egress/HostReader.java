package dev.exeat.policy.egress;

import dev.exeat.model.HostPattern;
import dev.exeat.model.InvalidNameException;
import dev.exeat.model.ObjectKey;
import dev.exeat.policy.manifest.Field;
import dev.exeat.policy.manifest.Fields;
import java.util.ArrayList;
import java.util.List;

/** Reads lists of hosts, and the HostSet objects that are made of one. */
public final class HostReader {
    private HostReader() {}

    public static HostSet readSet(ObjectKey key, Fields spec) {
        List<HostPattern> hosts = hosts(spec, "hosts");
        if (hosts.isEmpty() && !spec.findings().hasErrors()) {
            spec.missing("hosts");
        }
        spec.text("description");
        spec.done();
        return new HostSet(key, hosts);
    }

    static List<HostPattern> hosts(Fields fields, String name) {
        List<HostPattern> hosts = new ArrayList<>();
        for (Field item : fields.items(name)) {
            String text = fields.text(item);
            try {
                if (text != null) {
                    hosts.add(HostPattern.parse(text));
                }
            } catch (InvalidNameException e) {
                fields.findings()
                        .error(
                                "invalid-value",
                                item.place(),
                                item.path(),
                                "invalid host \"" + text + "\": " + e.getMessage(),
                                "use example.com, \"*.example.com\" for every name below it, or \"*\"");
            }
        }
        return hosts;
    }
}
