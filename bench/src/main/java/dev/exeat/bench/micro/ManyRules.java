package dev.exeat.bench.micro;

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
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Policies of many rules, and who asks them. */
final class ManyRules {
    private static final int RULES_PER_FILE = 5000;
    private static final int ATTEMPTS = 1024;
    private static final int PORT = 443;
    private static final String ROOT = "istio-system";

    private final Shape shape;
    private final int rules;

    ManyRules(Shape shape, int rules) {
        this.shape = shape;
        this.rules = rules;
    }

    PolicyCompiler compiler() {
        GatewayWorkload gateway =
                new GatewayWorkload("gateway", "gateway", ROOT, "gateway", "cluster.local/ns/istio-system/sa/gateway");
        return new PolicyCompiler(new CompileOptions(
                shape == Shape.SERVICE_ENTRY ? RegistryMode.REGISTRY_ONLY : RegistryMode.ALLOW_ANY,
                Enforcement.ENFORCE,
                Map.of(),
                gateway,
                ROOT,
                false,
                ListProviders.NONE));
    }

    List<Resource> resources() {
        List<Resource> resources = new ArrayList<>(read("base.yaml", Shape.BASE));
        for (int first = 0; first < rules; first += RULES_PER_FILE) {
            StringBuilder text = new StringBuilder();
            for (int i = first; i < Math.min(rules, first + RULES_PER_FILE); i++) {
                text.append(shape.object(i));
            }
            resources.addAll(read("rules-" + first + ".yaml", text.toString()));
        }
        return resources;
    }

    /** One object as it is after a change of it: read anew, and to be taken for another. */
    Resource again(int number) {
        return read("rules-changed.yaml", shape.object(number)).getLast();
    }

    private static List<Resource> read(String file, String text) {
        ManifestFile manifest = new ManifestReader().read(file, text.getBytes(StandardCharsets.UTF_8));
        if (manifest.hasErrors()) {
            throw new IllegalStateException("the benchmark's own rules are wrong: " + manifest.problems());
        }
        return manifest.resources();
    }

    /** Accounts that rules are about, at a host below that of their rule. */
    Attempt[] attempts() {
        Random random = new Random(1);
        Attempt[] attempts = new Attempt[ATTEMPTS];
        for (int i = 0; i < ATTEMPTS; i++) {
            int number = random.nextInt(rules);
            HostPort target = HostPort.parse("www.host-" + number + ".test:" + PORT);
            attempts[i] = new Attempt(
                    "1",
                    Instant.EPOCH,
                    ListenerKind.TUNNEL,
                    SpiffeId.ofServiceAccount("cluster.local", "ns-" + number % Shape.NAMESPACES, "sa-" + number),
                    IpAddress.parse("127.0.0.1"),
                    target,
                    new HelloFacts(
                            target.host(), target.host().value(), List.of(0x0304), List.of("h2"), false, false, 512));
        }
        return attempts;
    }
}
