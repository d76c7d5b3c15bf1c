package dev.exeat.control.kube;

import dev.exeat.control.kinds.KindCatalogue;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the API has, and how long its clients are waited for.
 *
 * @param subresources by {@code PLURAL/SUBRESOURCE} of kinds of the core group, as in {@code pods/log}
 */
public record Served(KindCatalogue kinds, Map<String, Subresource> subresources, Patience patience) {
    public Served {
        subresources = Map.copyOf(subresources);
    }

    /** With the usual patience. */
    public Served(KindCatalogue kinds, Map<String, Subresource> subresources) {
        this(kinds, subresources, Patience.USUAL);
    }

    /** Objects alone. */
    public static Served of(KindCatalogue kinds) {
        return new Served(kinds, Map.of());
    }

    @Nullable
    Subresource find(KubePaths.Target target) {
        return target.kind().group().isEmpty()
                ? subresources.get(target.kind().plural() + "/" + target.subresource())
                : null;
    }
}
