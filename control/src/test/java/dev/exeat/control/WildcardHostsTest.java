package dev.exeat.control;

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
import dev.exeat.policy.GatewayWorkload;
import dev.exeat.policy.ListProviders;
import dev.exeat.policy.Permit;
import dev.exeat.policy.PolicyCompiler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The files under {@code samples/wildcard-hosts}: Istio's objects are taken as they are, and decide as documented. */
class WildcardHostsTest {
    private static final Path SAMPLES = Path.of("..", "samples", "wildcard-hosts");

    private static Compilation compile(String name) throws IOException {
        Path path = SAMPLES.resolve(name + ".yaml");
        ManifestFile file = new ManifestReader().read(path.toString(), Files.readAllBytes(path));
        assertThat(file.problems()).isEmpty();
        PolicyCompiler compiler = new PolicyCompiler(new CompileOptions(
                RegistryMode.REGISTRY_ONLY,
                Enforcement.ENFORCE,
                Map.of("istio", "egressgateway-with-sni-proxy", "app", "istio-egressgateway-with-sni-proxy"),
                new GatewayWorkload("", "", "istio-system", "", "cluster.local/ns/istio-system/sa/gateway"),
                "istio-system",
                false,
                ListProviders.NONE));
        for (Resource resource : file.resources()) {
            assertThat(compiler.check(resource)).isEmpty();
        }
        return compiler.compile(file.resources());
    }

    private static @Nullable HostPort upstream(Compilation compilation, ListenerKind listener, String target) {
        HostPort asked = HostPort.parse(target);
        Decision decision = compilation
                .snapshot()
                .decide(new Attempt(
                        "gateway-1",
                        Instant.parse("2026-11-23T12:00:00Z"),
                        listener,
                        listener == ListenerKind.PLAIN
                                ? null
                                : SpiffeId.parse("spiffe://cluster.local/ns/default/sa/sleep"),
                        IpAddress.parse("192.0.2.7"),
                        asked,
                        new HelloFacts(
                                asked.host(), asked.host().value(), List.of(0x0304), List.of(), false, false, 517)));
        return decision instanceof Permit permit ? permit.upstream() : null;
    }

    @ParameterizedTest
    @ValueSource(strings = {"mutual-tls", "plain", "one-server", "dynamic-dns"})
    void have_no_problems(String name) throws IOException {
        assertThat(compile(name).problems()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "mutual-tls,  TUNNEL, en.wikipedia.org:443,   en.wikipedia.org:443",
        "mutual-tls,  TUNNEL, a.b.wikipedia.org:443,  a.b.wikipedia.org:443",
        "mutual-tls,  TUNNEL, wikipedia.org:443,      ",
        "mutual-tls,  TUNNEL, en.wikipedia.org:8443,  ",
        "mutual-tls,  TUNNEL, sni-proxy.local:8443,   ",
        "mutual-tls,  TUNNEL, example.com:443,        ",
        "mutual-tls,  PLAIN,  en.wikipedia.org:443,   ",
        "plain,       PLAIN,  en.wikipedia.org:443,   en.wikipedia.org:443",
        "plain,       PLAIN,  wikipedia.org:443,      ",
        "plain,       PLAIN,  sni-proxy.local:8443,   ",
        "plain,       TUNNEL, en.wikipedia.org:443,   ",
        "one-server,  TUNNEL, en.wikipedia.org:443,   www.wikipedia.org:443",
        "one-server,  TUNNEL, wikipedia.org:443,      ",
        "dynamic-dns, TUNNEL, en.wikipedia.org:443,   en.wikipedia.org:443",
        "dynamic-dns, PLAIN,  de.m.wikipedia.org:443, de.m.wikipedia.org:443",
        "dynamic-dns, TUNNEL, wikipedia.org:443,      ",
    })
    void lead_names_where_the_task_says(String name, ListenerKind listener, String target, @Nullable String upstream)
            throws IOException {
        HostPort reached = upstream(compile(name), listener, target);

        assertThat(reached == null ? null : reached.toString()).isEqualTo(upstream);
    }

    @ParameterizedTest
    @ValueSource(strings = {"mutual-tls", "plain", "one-server"})
    void each_object_says_what_it_does_here(String name) throws IOException {
        Compilation compilation = compile(name);

        assertThat(compilation.effects())
                .hasSizeGreaterThanOrEqualTo(2)
                .allSatisfy((key, effect) -> assertThat(effect).isNotBlank().doesNotStartWith("nothing: it selects"));
        assertThat(compilation.effects().keySet()).anyMatch(key -> key.kind().equals("Gateway"));
        assertThat(compilation.effects().keySet()).anyMatch(key -> key.kind().equals("VirtualService"));
    }
}
