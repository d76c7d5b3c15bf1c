package dev.exeat.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.exeat.testkit.HelloCases;
import dev.exeat.testkit.HostileClient;
import dev.exeat.testkit.Outcome;
import dev.exeat.testkit.OuterTls;
import dev.exeat.testkit.SvidMint;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The cases on identity, over TLS 1.3 and 1.2: what is no valid SVID reaches nothing. */
class IdentityCasesIT {
    private static final Duration LIMIT = Duration.ofSeconds(5);

    /** No policy of this rig tells identities apart. */
    private static final Set<SvidMint.Verdict> ACCEPTED =
            Set.of(SvidMint.Verdict.ACCEPT, SvidMint.Verdict.ACCEPT_WITHOUT_POLICY);

    @TempDir
    private static Path directory;

    private static Rig rig;

    @BeforeAll
    static void start() throws Exception {
        rig = Rig.start(directory);
    }

    @BeforeEach
    void settle() {
        rig.settle();
    }

    @AfterAll
    static void stop() {
        rig.close();
    }

    static Stream<SvidMint.Svid> svids() {
        // The gateway's own, and those whose verdict needs time or a list, have tests of their own.
        return rig.mint.all().values().stream()
                .filter(s -> !Set.of("gw", "short", "revoked").contains(s.name()));
    }

    @ParameterizedTest
    @MethodSource("svids")
    void only_valid_svids_of_the_trust_domain_get_through(SvidMint.Svid svid) {
        for (String version : new String[] {"TLSv1.3", "TLSv1.2"}) {
            int reached = rig.reached();
            boolean forwarded = attempt(
                    OuterTls.as(svid, rig.mint.bundle()).naming("allowed.test").speaking(version));

            assertThat(forwarded)
                    .as(svid.name() + " (" + svid.why() + ") over " + version)
                    .isEqualTo(ACCEPTED.contains(svid.verdict()));
            assertThat(rig.reached() > reached).isEqualTo(forwarded);
        }
    }

    private static boolean attempt(OuterTls tls) {
        try (HostileClient client = HostileClient.mutualTls(rig.gateway.address("tunnel"), tls)) {
            return client.send(HelloCases.of("N01").octets()).outcome(LIMIT) instanceof Outcome.Forwarded;
        } catch (SSLException e) {
            return false;
        }
    }

    @Test
    void a_client_without_a_certificate_is_refused_and_recorded() {
        int recorded = rig.records().size();

        assertThat(attempt(OuterTls.anonymous(rig.mint.bundle()).naming("allowed.test")))
                .isFalse();
        assertThat(rig.recordAfter(recorded).get("reason").asString()).isEqualTo("identity_invalid");
    }

    @Test
    void the_record_names_the_verified_identity() {
        int recorded = rig.records().size();

        assertThat(attempt(OuterTls.as(rig.mint.svid("b"), rig.mint.bundle()).naming("allowed.test")))
                .isTrue();
        assertThat(rig.recordAfter(recorded).get("identity").asString())
                .isEqualTo("spiffe://rig.test/ns/default/sa/sleep-canada");
    }

    @Test
    void a_serial_on_the_list_is_refused_without_a_restart() throws Exception {
        OuterTls revoked =
                OuterTls.as(rig.mint.svid("revoked"), rig.mint.bundle()).naming("allowed.test");
        assertThat(attempt(revoked)).isTrue();

        X509Certificate certificate;
        try (var in = Files.newInputStream(rig.mint.svid("revoked").certificate())) {
            certificate =
                    (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
        }
        Files.writeString(
                directory.resolve("identity/revoked.txt"),
                certificate.getSerialNumber().toString(16) + "\n");

        await().atMost(Duration.ofSeconds(5)).until(() -> !attempt(revoked));
        assertThat(attempt(OuterTls.as(rig.mint.svid("a"), rig.mint.bundle()).naming("allowed.test")))
                .isTrue();
    }
}
