package dev.exeat.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.exeat.testkit.Case;
import dev.exeat.testkit.HelloCases;
import dev.exeat.testkit.HostileClient;
import dev.exeat.testkit.Outcome;
import dev.exeat.testkit.OuterTls;
import dev.exeat.testkit.SvidMint;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
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
import tools.jackson.databind.JsonNode;

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
        rig = Rig.start(directory, "--hello-timeout", "15s");
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
    @Case({
        "I02", "I03", "I05", "I06", "I08", "I09", "I11", "I13", "I14", "I15", "I18", "I19", "I21", "I22", "I24", "I25",
        "I26", "I27", "I29", "I30", "I35", "I37"
    })
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
    @Case({"I01", "L03"})
    void a_client_without_a_certificate_is_refused_and_recorded() {
        int recorded = rig.records().size();

        assertThat(attempt(OuterTls.anonymous(rig.mint.bundle()).naming("allowed.test")))
                .isFalse();
        assertThat(rig.recordAfter(recorded).get("reason").asString()).isEqualTo("identity_invalid");
    }

    @Test
    @Case("I02")
    void the_record_names_the_verified_identity() {
        int recorded = rig.records().size();

        assertThat(attempt(OuterTls.as(rig.mint.svid("b"), rig.mint.bundle()).naming("allowed.test")))
                .isTrue();
        assertThat(rig.recordAfter(recorded).get("identity").asString())
                .isEqualTo("spiffe://rig.test/ns/default/sa/sleep-canada");
    }

    @Test
    @Case("I32")
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

    @Test
    @Case("I34")
    void a_tunnel_that_is_asked_for_after_the_svid_has_expired_is_refused_on_a_connection_that_was_open()
            throws Exception {
        Instant end = Instant.now().plusSeconds(3);
        OuterTls soon = OuterTls.as(rig.mint.expiringIn(Duration.ofSeconds(3)), rig.mint.bundle())
                .offering("http/1.1");
        int reached = rig.reached();
        int recorded = rig.records().size();
        try (HostileClient client = HostileClient.mutualTls(rig.gateway.address("tunnel"), soon)) {
            await().until(() -> Instant.now().isAfter(end.plusSeconds(1)));

            assertThat(client.connect(rig.authority("allowed.test"))).doesNotStartWith("HTTP/1.1 200");
        }
        assertThat(rig.recordAfter(recorded).get("reason").asString()).isEqualTo("identity_invalid");
        assertThat(rig.reached()).isEqualTo(reached);
    }

    @Test
    @Case("I40")
    void a_certificate_message_of_a_megabyte_is_refused_and_harms_nobody() throws Exception {
        String leaf = Files.readString(rig.mint.svid("a").certificate());
        Path chain = Files.writeString(directory.resolve("long.crt"), leaf.repeat(1_500));
        int reached = rig.reached();
        long before = rig.status("VmRSS");

        for (String version : new String[] {"TLSv1.3", "TLSv1.2"}) {
            assertThat(attempt(new OuterTls(
                            chain,
                            rig.mint.svid("a").key(),
                            rig.mint.bundle(),
                            "allowed.test",
                            List.of(),
                            List.of(version))))
                    .isFalse();
        }
        assertThat(rig.reached()).isEqualTo(reached);
        assertThat(rig.status("VmRSS") - before).as("KiB").isLessThan(16_000);
        assertThat(attempt(OuterTls.as(rig.mint.svid("a"), rig.mint.bundle()).naming("allowed.test")))
                .isTrue();
    }

    @Test
    @Case("I41")
    void no_header_and_no_preamble_can_claim_an_identity_or_an_address() throws Exception {
        String other = "spiffe://rig.test/ns/default/sa/sleep-canada";
        int recorded = rig.records().size();
        try (HostileClient client = rig.as("a", "http/1.1")) {
            String answer = client.connect(
                    rig.authority("allowed.test"),
                    "X-Forwarded-Client-Cert: URI=" + other,
                    "X-Forwarded-For: 10.0.0.1",
                    "Proxy-Authorization: Basic c2xlZXAtY2FuYWRhOng=");
            assertThat(answer).startsWith("HTTP/1.1 200");
            assertThat(client.send(HelloCases.of("N01").octets()).outcome(LIMIT))
                    .isEqualTo(new Outcome.Forwarded());
        }
        JsonNode record = rig.recordAfter(recorded);
        assertThat(record.get("identity").asString()).isEqualTo("spiffe://rig.test/ns/default/sa/sleep-us");
        assertThat(record.get("source_address").asString()).isEqualTo("127.0.0.1");

        try (HostileClient client = HostileClient.plain(rig.gateway.address("tunnel"))) {
            client.send("PROXY TCP4 10.0.0.1 10.0.0.2 1000 443\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(client.outcome(LIMIT)).isNotEqualTo(new Outcome.Silence());
        }
        JsonNode refused = rig.recordAfter(recorded + 1);
        assertThat(refused.get("reason").asString()).isEqualTo("handshake_failed");
        assertThat(refused.get("source_address").asString()).isEqualTo("127.0.0.1");
    }
}
