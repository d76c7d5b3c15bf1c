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
import dev.exeat.testkit.PolicySchema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The files under {@code samples/egress-policy}: they are sound, fit the published schema, and decide as documented. */
class SamplesTest {
    private static final Path SAMPLES = Path.of("..", "samples", "egress-policy");
    private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");

    private static List<Resource> resources() throws IOException {
        List<Resource> resources = new ArrayList<>();
        try (Stream<Path> files = Files.list(SAMPLES)) {
            for (Path path : files.sorted().toList()) {
                ManifestFile file = new ManifestReader().read(path.toString(), Files.readAllBytes(path));
                assertThat(file.problems()).isEmpty();
                resources.addAll(file.resources());
            }
        }
        return resources;
    }

    private static PolicyCompiler compiler() {
        return new PolicyCompiler(new CompileOptions(
                RegistryMode.ALLOW_ANY,
                Enforcement.ENFORCE,
                Map.of(),
                new GatewayWorkload("", "", "", "", "cluster.local/ns/exeat-system/sa/exeat-gateway"),
                "istio-system",
                false,
                ListProviders.NONE));
    }

    private static Attempt attempt(@Nullable String account, String host, int port, int version, Instant time) {
        HostPort target = HostPort.parse(host + ":" + port);
        SpiffeId source = account == null ? null : SpiffeId.parse("spiffe://cluster.local/ns/" + account);
        return new Attempt(
                "gateway-1",
                time,
                source == null ? ListenerKind.PLAIN : ListenerKind.TUNNEL,
                source,
                IpAddress.parse("192.0.2.7"),
                target,
                new HelloFacts(target.host(), host, List.of(version), List.of("h2"), false, false, 517));
    }

    @Test
    void the_samples_are_sound_and_fit_the_schema() throws IOException {
        PolicySchema schema = PolicySchema.published();
        List<Resource> resources = resources();

        for (Resource resource : resources) {
            assertThat(compiler().check(resource)).as(resource.key().toString()).isEmpty();
            assertThat(schema.faults(resource.body()))
                    .as(resource.key().toString())
                    .isEmpty();
        }
        assertThat(compiler().compile(resources).problems()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "shop/sa/builder,    api.github.com,      443,  true",
        "shop/sa/builder,    github.com,          443,  true",
        "shop/sa/builder,    pypi.org,            443,  true",
        "shop/sa/builder,    github.com,          8443, false",
        "shop/sa/builder,    example.com,         443,  false",
        "shop/sa/checkout,   api.bank.example,    8443, true",
        "shop/sa/checkout,   github.com,          443,  false",
        "shop/sa/other,      example.com,         443,  true",
        "shop/sa/other,      pastebin.com,        443,  false",
        "shop/sa/other,      raw.pastebin.com,    8443, false",
        "shop/sa/migrator,   old.shop.example,    443,  true",
        "books/sa/accounting, ledger.corp.example, 443, true",
        "books/sa/accounting, example.com,        443,  false",
        ",                   updates.printers.example, 443, true",
        ",                   example.com,         443,  false",
    })
    void the_samples_decide_as_documented(@Nullable String account, String host, int port, boolean allowed)
            throws IOException {
        Decision decision = compiler()
                .compile(resources())
                .snapshot()
                .decide(attempt(account == null || account.isEmpty() ? null : account, host, port, 0x0304, NOW));

        assertThat(decision instanceof Permit).as(decision.toString()).isEqualTo(allowed);
    }

    @Test
    void versions_and_dates_of_the_samples_count() throws IOException {
        Compilation compilation = compiler().compile(resources());
        Decision oldTls = compilation.snapshot().decide(attempt("shop/sa/other", "x.test", 443, 0x0302, NOW));
        Instant march = Instant.parse("2027-03-01T00:00:00Z");

        assertThat(oldTls)
                .isInstanceOfSatisfying(
                        Permit.class, permit -> assertThat(permit.wouldDeny()).isNotNull());
        assertThat(compilation.snapshot().decide(attempt("shop/sa/other", "x.test", 443, 0x0302, march)))
                .isNotInstanceOf(Permit.class);
        assertThat(compilation.snapshot().decide(attempt("shop/sa/migrator", "old.shop.example", 443, 0x0304, march)))
                .isNotInstanceOf(Permit.class);
        assertThat(compilation.snapshot().decide(attempt("shop/sa/checkout", "api.bank.example", 443, 0x0303, NOW)))
                .isNotInstanceOf(Permit.class);
        assertThat(((Permit) compilation
                                .snapshot()
                                .decide(attempt("books/sa/accounting", "ledger.corp.example", 443, 0x0304, NOW)))
                        .exceptions())
                .hasToString("[10.20.0.0/16]");
    }
}
