package dev.exeat.policy.index;

import dev.exeat.model.HostPattern;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Entries by host: exact names, then each suffix that a wildcard names, then those for any host. */
final class HostIndex<T> {
    private @Nullable Map<String, List<T>> exact;
    private @Nullable Map<String, List<T>> bySuffix;
    private @Nullable List<T> ofAnyHost;

    void add(Collection<HostPattern> hosts, T entry) {
        for (HostPattern host : hosts) {
            if (host.wildcard() && host.suffix().isEmpty()) {
                ofAnyHost = ofAnyHost == null ? new ArrayList<>(1) : ofAnyHost;
                ofAnyHost.add(entry);
            } else if (host.wildcard()) {
                bySuffix = bySuffix == null ? new HashMap<>(2) : bySuffix;
                bySuffix.computeIfAbsent(host.suffix(), _ -> new ArrayList<>(1)).add(entry);
            } else {
                exact = exact == null ? new HashMap<>(2) : exact;
                exact.computeIfAbsent(host.suffix(), _ -> new ArrayList<>(1)).add(entry);
            }
        }
    }

    void candidates(String host, Consumer<? super T> consumer) {
        if (exact != null) {
            each(exact.get(host), consumer);
        }
        if (bySuffix != null) {
            for (int dot = host.indexOf('.'); dot >= 0; dot = host.indexOf('.', dot + 1)) {
                each(bySuffix.get(host.substring(dot + 1)), consumer);
            }
        }
        each(ofAnyHost, consumer);
    }

    private static <T> void each(@Nullable List<T> entries, Consumer<? super T> consumer) {
        if (entries != null) {
            entries.forEach(consumer);
        }
    }
}
