package dev.exeat.policy;

import dev.exeat.model.Enforcement;
import dev.exeat.model.RegistryMode;
import java.util.Map;

/**
 * How objects become a snapshot.
 *
 * @param gatewayLabels the gateway's own labels, which expressions see as {@code source.labels}
 * @param rootNamespace rules of this namespace hold for every client, {@code istio-system} by default
 * @param denyOnMatchError whether a rule denies when its match cannot be evaluated; Mixer takes such a rule as not
 *     matched
 * @param lists the contents of lists that are fetched elsewhere
 */
public record CompileOptions(
        RegistryMode registry,
        Enforcement enforcement,
        Map<String, String> gatewayLabels,
        GatewayWorkload gateway,
        String rootNamespace,
        boolean denyOnMatchError,
        ListProviders lists) {
    public CompileOptions {
        gatewayLabels = Map.copyOf(gatewayLabels);
    }
}
