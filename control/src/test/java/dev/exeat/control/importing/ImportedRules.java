package dev.exeat.control.importing;

import static org.assertj.core.api.Assertions.assertThat;

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
import dev.exeat.policy.Compilation;
import dev.exeat.policy.CompileOptions;
import dev.exeat.policy.Decision;
import dev.exeat.policy.Denial;
import dev.exeat.policy.GatewayWorkload;
import dev.exeat.policy.ListProviders;
import dev.exeat.policy.Permit;
import dev.exeat.policy.PolicyCompiler;
import dev.exeat.testkit.PolicySchema;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** What an import came to: written, read again, compiled, and asked. */
record ImportedRules(Imported imported, String text, Compilation compilation) {
    static final ImportOptions OPTIONS = new ImportOptions("istio-system", "default", "x", "", false);

    static byte[] resource(String name) throws IOException {
        try (InputStream in = ImportedRules.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IOException("no resource " + name);
            }
            return in.readAllBytes();
        }
    }

    static ImportedRules ofResource(ImportSource source, String name) throws IOException {
        return of(source, name, resource(name), OPTIONS);
    }

    static ImportedRules of(ImportSource source, String text) {
        return of(source, "in", text.getBytes(StandardCharsets.UTF_8), OPTIONS);
    }

    static ImportedRules of(ImportSource source, String file, byte[] content, ImportOptions options) {
        Imported imported = PolicyImport.read(source, file, content, options);
        String text = PolicyText.write(imported, file);
        ManifestFile read = new ManifestReader().read("out.yaml", text.getBytes(StandardCharsets.UTF_8));
        assertThat(read.problems()).as(text).isEmpty();
        assertThat(read.resources()).hasSameSizeAs(imported.policies());
        PolicyCompiler compiler = new PolicyCompiler(new CompileOptions(
                RegistryMode.ALLOW_ANY,
                Enforcement.ENFORCE,
                Map.of(),
                new GatewayWorkload("", "", "", "", "cluster.local/ns/exeat-system/sa/exeat-gateway"),
                "istio-system",
                false,
                ListProviders.NONE));
        PolicySchema schema = PolicySchema.published();
        for (Resource resource : read.resources()) {
            assertThat(compiler.check(resource)).as(text).isEmpty();
            assertThat(schema.faults(resource.body())).as(text).isEmpty();
        }
        Compilation compilation = compiler.compile(read.resources());
        assertThat(compilation.problems()).as(text).isEmpty();
        return new ImportedRules(imported, text, compilation);
    }

    /** @param who {@code namespace/account}, or the address of a client without an identity */
    Decision decide(String who, String target) {
        HostPort asked = HostPort.parse(target);
        boolean account = who.indexOf('/') >= 0;
        SpiffeId id = account ? SpiffeId.parse("spiffe://cluster.local/ns/" + who.replace("/", "/sa/")) : null;
        return compilation
                .snapshot()
                .decide(new Attempt(
                        "gateway-1",
                        Instant.parse("2026-11-23T12:00:00Z"),
                        account ? ListenerKind.TUNNEL : ListenerKind.PLAIN,
                        id,
                        IpAddress.parse(account ? "10.0.0.7" : who),
                        asked,
                        new HelloFacts(
                                asked.host(), asked.host().value(), List.of(0x0304), List.of(), false, false, 517)));
    }

    /** {@code allowed}, {@code denied}, or {@code watched}: allowed, and would be denied. */
    String verdict(String who, String target) {
        return switch (decide(who, target)) {
            case Denial _ -> "denied";
            case Permit permit -> permit.wouldDeny() == null ? "allowed" : "watched";
        };
    }

    List<String> losses() {
        return imported.losses().stream().map(Loss::toString).toList();
    }
}
