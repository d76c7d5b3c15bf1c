package dev.exeat.control.importing;

import dev.exeat.model.HostPattern;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/** Answers whether hosts of a list are covered by others, in the time that a name takes. */
final class HostIndex {
    private final Set<String> exact = new HashSet<>();
    private final Set<String> suffixes = new HashSet<>();
    /** Every suffix of what is in the list. */
    private final Set<String> above = new HashSet<>();

    HostIndex(Collection<HostPattern> hosts) {
        for (HostPattern host : hosts) {
            (host.wildcard() ? suffixes : exact).add(host.suffix());
            for (int dot = host.suffix().indexOf('.');
                    dot >= 0;
                    dot = host.suffix().indexOf('.', dot + 1)) {
                above.add(host.suffix().substring(dot + 1));
            }
            above.add("");
        }
    }

    /** Whether one entry covers each name that the host does. */
    boolean covers(HostPattern host) {
        String name = host.suffix();
        if (suffixes.contains("") || (host.wildcard() ? suffixes : exact).contains(name)) {
            return true;
        }
        for (int dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', dot + 1)) {
            if (suffixes.contains(name.substring(dot + 1))) {
                return true;
            }
        }
        return false;
    }

    /** Whether some name may be covered by both. */
    boolean overlaps(HostPattern host) {
        return covers(host) || (host.wildcard() && above.contains(host.suffix()));
    }
}
