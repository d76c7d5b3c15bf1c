package dev.exeat.proxy;

import dev.exeat.model.Attempt;
import dev.exeat.model.Enforcement;
import dev.exeat.model.HostPort;
import dev.exeat.model.IpAddress;
import dev.exeat.model.ListenerKind;
import dev.exeat.model.RegistryMode;
import dev.exeat.model.ServerName;
import dev.exeat.policy.CompileOptions;
import dev.exeat.policy.GatewayWorkload;
import dev.exeat.policy.ListProviders;
import dev.exeat.policy.PolicyCompiler;
import dev.exeat.policy.Snapshot;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Policies without objects, which the registry's mode alone makes permit or deny, and attempts. */
final class Policies {
    private Policies() {}

    static Snapshot of(RegistryMode mode) {
        return new PolicyCompiler(new CompileOptions(
                        mode,
                        Enforcement.ENFORCE,
                        Map.of(),
                        new GatewayWorkload("kubernetes://g.n", "g", "n", "g", "test.test/ns/n/sa/g"),
                        "istio-system",
                        false,
                        ListProviders.NONE))
                .compile(List.of())
                .snapshot();
    }

    static Attempt attempt(String host) {
        return new Attempt(
                "id",
                Instant.EPOCH,
                ListenerKind.PLAIN,
                null,
                IpAddress.parse("192.0.2.1"),
                new HostPort(new ServerName(host), 443),
                null);
    }
}
