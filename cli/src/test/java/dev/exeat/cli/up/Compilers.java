package dev.exeat.cli.up;

import dev.exeat.model.Enforcement;
import dev.exeat.model.RegistryMode;
import dev.exeat.policy.CompileOptions;
import dev.exeat.policy.GatewayWorkload;
import dev.exeat.policy.ListProviders;
import dev.exeat.policy.PolicyCompiler;
import java.util.Map;

/** What makes policies in tests. */
final class Compilers {
    private Compilers() {}

    static PolicyCompiler strict() {
        return new PolicyCompiler(new CompileOptions(
                RegistryMode.REGISTRY_ONLY,
                Enforcement.ENFORCE,
                Map.of(),
                new GatewayWorkload("kubernetes://g.istio-system", "g", "istio-system", "g", "cluster.local/x"),
                "istio-system",
                false,
                ListProviders.NONE));
    }
}
