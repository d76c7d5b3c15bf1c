package dev.exeat.control.kube;

import dev.exeat.control.kinds.Kind;
import dev.exeat.control.kinds.KindCatalogue;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds the objects that a path names (Kubernetes API reference, "Resource URIs"). */
final class KubePaths {
    private static final String NAMESPACES = "namespaces";

    private final KindCatalogue kinds;

    KubePaths(KindCatalogue kinds) {
        this.kinds = kinds;
    }

    /** What a path names; see {@link KubeRequest}. */
    record Target(Kind kind, Kind.Version version, String namespace, String name, String subresource) {}

    /** @return null if the path is none of objects */
    @Nullable
    Target find(List<String> segments) {
        if (segments.size() >= 3 && segments.getFirst().equals("api")) {
            return find("", segments.get(1), segments.subList(2, segments.size()));
        }
        if (segments.size() >= 4 && segments.getFirst().equals("apis")) {
            return find(segments.get(1), segments.get(2), segments.subList(3, segments.size()));
        }
        return null;
    }

    private @Nullable Target find(String group, String version, List<String> rest) {
        if (rest.getFirst().equals(NAMESPACES) && rest.size() >= 3 && !isSubresourceOfNamespace(rest)) {
            return target(group, version, rest.get(1), rest.subList(2, rest.size()), true);
        }
        return target(group, version, "", rest, false);
    }

    private static boolean isSubresourceOfNamespace(List<String> rest) {
        return rest.size() == 3 && (rest.get(2).equals("status") || rest.get(2).equals("finalize"));
    }

    private @Nullable Target target(
            String group, String version, String namespace, List<String> rest, boolean inNamespace) {
        if (rest.size() > 3) {
            return null;
        }
        Kind kind = kinds.find(group, version, rest.getFirst()).orElse(null);
        if (kind == null) {
            return null;
        }
        boolean named = rest.size() > 1;
        // A namespaced object is named within its namespace alone; a collection may be that of all namespaces.
        if (inNamespace != kind.namespaced() && (inNamespace || named)) {
            return null;
        }
        return new Target(
                kind,
                kind.version(version).orElseThrow(),
                namespace,
                named ? rest.get(1) : "",
                rest.size() > 2 ? rest.get(2) : "");
    }
}
