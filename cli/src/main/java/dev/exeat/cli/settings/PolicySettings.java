package dev.exeat.cli.settings;

import dev.exeat.model.Enforcement;
import dev.exeat.model.RegistryMode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a gateway decides by.
 *
 * @param manifests directories of resources, in the order given
 * @param shadow directories of resources that are only looked on with, in the order given
 * @param labels the gateway's own workload labels
 */
public record PolicySettings(
        List<Path> manifests,
        List<Path> shadow,
        RegistryMode registry,
        Enforcement enforcement,
        @Nullable Compat compat,
        Map<String, String> labels) {
    public PolicySettings {
        manifests = List.copyOf(manifests);
        shadow = List.copyOf(shadow);
        labels = Map.copyOf(labels);
    }
}
