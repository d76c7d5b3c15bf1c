package dev.exeat.bench.scenario;

import dev.exeat.bench.wire.AppTls;
import dev.exeat.control.manifest.ManifestFile;
import dev.exeat.control.manifest.ManifestReader;
import dev.exeat.model.Attempt;
import dev.exeat.model.Enforcement;
import dev.exeat.model.HelloFacts;
import dev.exeat.model.HostPort;
import dev.exeat.model.IpAddress;
import dev.exeat.model.ListenerKind;
import dev.exeat.model.RegistryMode;
import dev.exeat.model.Resource;
import dev.exeat.model.SpiffeId;
import dev.exeat.policy.CompileOptions;
import dev.exeat.policy.GatewayWorkload;
import dev.exeat.policy.ListProviders;
import dev.exeat.policy.PolicyCompiler;
import dev.exeat.policy.Snapshot;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Policies of many rules, each of which keeps one service account from one host. */
final class RuleSet {
    private static final int RULES_PER_FILE = 5000;
    private static final String ROOT = "istio-system";
    private static final String PRINCIPAL = "bench.test/ns/default/sa/app";

    private static final String BASE = """
            apiVersion: networking.istio.io/v1
            kind: ServiceEntry
            metadata: {name: app, namespace: istio-system}
            spec:
              hosts: ["*.bench.test"]
              location: MESH_EXTERNAL
              ports:
                - {number: 443, name: tls, protocol: TLS}
            ---
            apiVersion: config.istio.io/v1alpha2
            kind: handler
            metadata: {name: refuse, namespace: istio-system}
            spec:
              compiledAdapter: denier
              params:
                status: {code: 7, message: refused}
            ---
            apiVersion: config.istio.io/v1alpha2
            kind: instance
            metadata: {name: nothing, namespace: istio-system}
            spec:
              compiledTemplate: checknothing
            """;

    private RuleSet() {}

    /** Compiled for enforcement. */
    static Snapshot of(int rules) {
        ManifestReader reader = new ManifestReader();
        List<Resource> resources = new ArrayList<>(read(reader, "base.yaml", BASE));
        for (int first = 0; first < rules; first += RULES_PER_FILE) {
            StringBuilder text = new StringBuilder();
            for (int i = first; i < Math.min(rules, first + RULES_PER_FILE); i++) {
                text.append(rule(i));
            }
            resources.addAll(read(reader, "rules-" + first + ".yaml", text.toString()));
        }
        GatewayWorkload gateway = new GatewayWorkload("gateway", "gateway", ROOT, "gateway", PRINCIPAL);
        CompileOptions options = new CompileOptions(
                RegistryMode.REGISTRY_ONLY, Enforcement.ENFORCE, Map.of(), gateway, ROOT, false, ListProviders.NONE);
        return new PolicyCompiler(options).compile(resources).snapshot();
    }

    private static String rule(int number) {
        return """
            ---
            apiVersion: config.istio.io/v1alpha2
            kind: rule
            metadata: {name: rule-%1$d, namespace: istio-system}
            spec:
              match: >-
                (source.principal | "") == "bench.test/ns/default/sa/account-%2$d"
                && (connection.requested_server_name | "") == "host-%1$d.bench.test"
              actions:
                - handler: refuse
                  instances: [nothing]
            """.formatted(number, number % 100);
    }

    private static List<Resource> read(ManifestReader reader, String file, String text) {
        ManifestFile manifest = reader.read(file, text.getBytes(StandardCharsets.UTF_8));
        if (manifest.hasErrors()) {
            throw new IllegalStateException("the benchmark's own rules are wrong: " + manifest.problems());
        }
        return manifest.resources();
    }

    /** What no rule keeps from its host, so that none ends the search early. */
    static Attempt allowed() {
        HostPort target = HostPort.parse(AppTls.HOST + ":443");
        return new Attempt(
                "1",
                Instant.EPOCH,
                ListenerKind.TUNNEL,
                SpiffeId.parse("spiffe://" + PRINCIPAL),
                IpAddress.parse("127.0.0.1"),
                target,
                new HelloFacts(target.host(), AppTls.HOST, List.of(0x0304), List.of("h2"), false, false, 512));
    }
}
