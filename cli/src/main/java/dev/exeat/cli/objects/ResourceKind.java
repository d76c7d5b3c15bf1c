package dev.exeat.cli.objects;

import java.util.List;
import java.util.Locale;

/** A kind in one of its versions, as the server tells of it. */
record ResourceKind(
        String group,
        String version,
        String kind,
        String plural,
        String singular,
        List<String> shortNames,
        boolean namespaced) {

    ResourceKind {
        shortNames = List.copyOf(shortNames);
    }

    String apiVersion() {
        return group.isEmpty() ? version : group + "/" + version;
    }

    /** As in {@code rule.config.istio.io}. */
    String label() {
        return kind.toLowerCase(Locale.ROOT) + (group.isEmpty() ? "" : "." + group);
    }

    /** @param namespace empty for all */
    String path(String namespace) {
        return (group.isEmpty() ? "/api/" : "/apis/") + apiVersion()
                + (namespaced && !namespace.isEmpty() ? "/namespaces/" + Query.segment(namespace) : "") + "/" + plural;
    }

    String path(String namespace, String name) {
        return path(namespace) + "/" + Query.segment(name);
    }

    boolean isNamed(String word) {
        return word.equals(plural)
                || word.equals(singular)
                || word.equals(kind.toLowerCase(Locale.ROOT))
                || shortNames.contains(word);
    }
}
