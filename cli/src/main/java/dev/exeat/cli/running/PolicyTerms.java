package dev.exeat.cli.running;

import dev.exeat.model.Enforcement;
import dev.exeat.model.RegistryMode;
import dev.exeat.policy.CompileOptions;
import dev.exeat.policy.GatewayWorkload;
import dev.exeat.policy.ListContent;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** What a gateway compiles its policies with, but for the lists that it fetches. */
record PolicyTerms(
        RegistryMode registry,
        Enforcement enforcement,
        Map<String, String> gatewayLabels,
        GatewayWorkload gateway,
        String rootNamespace,
        boolean denyOnMatchError) {

    static PolicyTerms of(CompileOptions options) {
        return new PolicyTerms(
                options.registry(),
                options.enforcement(),
                options.gatewayLabels(),
                options.gateway(),
                options.rootNamespace(),
                options.denyOnMatchError());
    }

    /** Lists that the gateway fetches count as loaded and empty. */
    CompileOptions options() {
        return new CompileOptions(
                registry,
                enforcement,
                gatewayLabels,
                gateway,
                rootNamespace,
                denyOnMatchError,
                spec -> new ListContent(List.of(), Instant.EPOCH, false));
    }
}
