package dev.exeat.net;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.exeat.testkit.Case;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What our side of TLS insists on, with openssl's client as the peer. */
@Timeout(60)
class TlsPolicyTest {
    private static final TlsOptions PLAIN = new TlsOptions(List.of());

    @TempDir
    private static Path directory;

    private static TestCertificates certificates;

    @BeforeAll
    static void makeCertificates() throws Exception {
        certificates = TestCertificates.make(directory);
    }

    private static TlsRig rig(TlsLibrary library) throws Exception {
        return new TlsRig(certificates, certificates.trustRoot(), new TlsOptions(List.of(), false, library));
    }

    @ParameterizedTest
    @EnumSource(TlsLibrary.class)
    void the_chain_is_told_whole_with_the_leaf_first(TlsLibrary library) throws Exception {
        try (TlsRig rig =
                new TlsRig(certificates, chain -> PeerVerdict.OK, new TlsOptions(List.of(), false, library))) {
            rig.opensslSays("hello\n", "-cert", "deep.pem", "-cert_chain", "middle.pem", "-key", "deep.key");

            assertThat(rig.established.poll(5, TimeUnit.SECONDS).peerChainDer())
                    .containsExactly(certificates.der("deep-leaf.pem"), certificates.der("middle.pem"));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "UNKNOWN_CA, unknown ca",
        "EXPIRED, certificate expired",
        "REVOKED, certificate revoked",
        "BAD_CERTIFICATE, bad certificate",
        "UNSUPPORTED, unsupported certificate"
    })
    void each_refusal_has_its_alert(PeerVerdict verdict, String alert) throws Exception {
        try (TlsRig rig = new TlsRig(certificates, chain -> verdict, PLAIN)) {
            String said = rig.opensslSays("", "-cert", "client.pem", "-key", "client.key", "-ign_eof");

            assertThat(said).contains("alert " + alert);
            assertThat(rig.failures.poll(5, TimeUnit.SECONDS).kind()).isEqualTo(TlsFailure.Kind.BAD_CERTIFICATE);
        }
    }

    @ParameterizedTest
    @EnumSource(TlsLibrary.class)
    void a_judge_that_fails_refuses(TlsLibrary library) throws Exception {
        PeerVerifier failing = chain -> {
            throw new IllegalStateException("a fault of the judge");
        };
        try (TlsRig rig = new TlsRig(certificates, failing, new TlsOptions(List.of(), false, library))) {
            rig.opensslSays("", "-cert", "client.pem", "-key", "client.key");

            assertThat(rig.failures.poll(5, TimeUnit.SECONDS).kind()).isEqualTo(TlsFailure.Kind.BAD_CERTIFICATE);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "BORINGSSL, AES128-GCM-SHA256",
        "BORINGSSL, ECDHE-ECDSA-AES128-SHA",
        "BORINGSSL, DHE-RSA-AES128-GCM-SHA256",
        "JSSE, AES128-GCM-SHA256",
        "JSSE, ECDHE-ECDSA-AES128-SHA",
        "JSSE, DHE-RSA-AES128-GCM-SHA256"
    })
    void suites_without_forward_secrecy_or_aead_are_refused(TlsLibrary library, String suite) throws Exception {
        try (TlsRig rig = rig(library)) {
            rig.opensslSays("", "-tls1_2", "-cipher", suite, "-cert", "client.pem", "-key", "client.key");

            assertThat(rig.failures.poll(5, TimeUnit.SECONDS).kind()).isEqualTo(TlsFailure.Kind.PROTOCOL);
        }
    }

    @ParameterizedTest
    @EnumSource(TlsLibrary.class)
    @Case("S11")
    void renegotiation_is_refused(TlsLibrary library) throws Exception {
        try (TlsRig rig = rig(library)) {
            Process client = rig.openssl("-tls1_2", "-cert", "client.pem", "-key", "client.key");
            assertThat(rig.established.poll(10, TimeUnit.SECONDS)).isNotNull();
            client.getOutputStream().write("R\n".getBytes(US_ASCII));
            client.getOutputStream().flush();

            assertThat(client.inputReader().lines().anyMatch("RENEGOTIATING"::equals))
                    .isTrue();
            assertThat(rig.ends.poll(10, TimeUnit.SECONDS))
                    .startsWith("PROTOCOL")
                    .containsIgnoringCase("renegotiat");
        }
    }

    @ParameterizedTest
    @EnumSource(TlsLibrary.class)
    void a_key_update_is_answered(TlsLibrary library) throws Exception {
        try (TlsRig rig = rig(library)) {
            Process client = rig.openssl("-cert", "client.pem", "-key", "client.key");
            assertThat(rig.established.poll(10, TimeUnit.SECONDS)).isNotNull();
            // K asks the peer to change its keys too.
            client.getOutputStream().write("K\n".getBytes(US_ASCII));
            client.getOutputStream().flush();
            BufferedReader said = client.inputReader();
            assertThat(said.lines().anyMatch("KEYUPDATE"::equals)).isTrue();
            client.getOutputStream().write("hello again\n".getBytes(US_ASCII));
            client.getOutputStream().flush();

            assertThat(said.lines().anyMatch("HELLO AGAIN"::equals)).isTrue();
            client.destroy();
        }
    }

    @ParameterizedTest
    @CsvSource({"BORINGSSL, -tls1_2", "BORINGSSL, -tls1_3", "JSSE, -tls1_2", "JSSE, -tls1_3"})
    @Case("S09")
    void a_session_is_resumed_by_its_ticket_and_judged_again(TlsLibrary library, String version) throws Exception {
        AtomicReference<PeerVerdict> verdict = new AtomicReference<>(PeerVerdict.OK);
        TlsOptions tickets = new TlsOptions(List.of(), true, library);
        try (TlsRig rig = new TlsRig(certificates, chain -> verdict.get(), tickets)) {
            Path session = directory.resolve(library + "-session" + version);
            String[] full = {
                version, "-cert", "client.pem", "-key", "client.key", "-ign_eof", "-sess_out", session.toString()
            };
            Process first = rig.openssl(full);
            first.getOutputStream().write("hello\n".getBytes(US_ASCII));
            first.getOutputStream().flush();
            assertThat(rig.established.poll(10, TimeUnit.SECONDS).resumed()).isFalse();
            await().atMost(Duration.ofSeconds(10)).until(() -> Files.exists(session) && Files.size(session) > 0);
            first.destroy();

            // Without -cert: what the facts tell can only come from the ticket.
            String said = rig.opensslSays("again\n", version, "-sess_in", session.toString());
            TlsFacts facts = rig.established.poll(10, TimeUnit.SECONDS);
            assertThat(said).contains("Reused, TLSv1");
            assertThat(facts.resumed()).isTrue();
            assertThat(facts.peerChainDer()).containsExactly(certificates.der("client.pem"));

            verdict.set(PeerVerdict.REVOKED);
            rig.opensslSays("late\n", version, "-sess_in", session.toString());
            assertThat(rig.failures.poll(10, TimeUnit.SECONDS))
                    .isEqualTo(new TlsFailure(
                            TlsFailure.Kind.BAD_CERTIFICATE,
                            "the certificate of a resumed session is refused now: REVOKED"));
            assertThat(rig.established).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "BORINGSSL, -tls1_2",
        "BORINGSSL, -tls1_3",
        "BORINGSSL, -no_ticket",
        "JSSE, -tls1_2",
        "JSSE, -tls1_3",
        "JSSE, -no_ticket"
    })
    void no_session_is_resumed_unless_that_is_asked_for(TlsLibrary library, String option) throws Exception {
        try (TlsRig rig = rig(library)) {
            List<String> client = new ArrayList<>(List.of("-cert", "client.pem", "-key", "client.key", "-reconnect"));
            client.addAll(option.equals("-no_ticket") ? List.of("-tls1_2", option) : List.of(option));
            String said = rig.opensslSays("hello\n", client.toArray(new String[0]));

            assertThat(said).contains("New, TLSv1").doesNotContain("Reused,");
            if (library == TlsLibrary.BORINGSSL) {
                assertThat(said).doesNotContain("TLS session ticket:");
            }
        }
    }

    @Test
    void the_handshake_deadline_is_not_moved_by_progress() throws Exception {
        try (TlsRig rig = new TlsRig(certificates, certificates.trustRoot(), PLAIN, Duration.ofMillis(300));
                Socket slow = new Socket(
                        rig.listener.address().getAddress(),
                        rig.listener.address().getPort())) {
            // The beginning of a record with a ClientHello, one octet at a time.
            slow.getOutputStream().write(new byte[] {22, 3, 1, 2, 0, 1, 0, 1, (byte) 0xfc, 3, 3});
            long start = System.nanoTime();
            await().pollInterval(Duration.ofMillis(20))
                    .atMost(Duration.ofSeconds(5))
                    .until(() -> {
                        try {
                            slow.getOutputStream().write(0);
                        } catch (IOException e) {
                            return true;
                        }
                        return !rig.failures.isEmpty();
                    });

            assertThat(rig.failures.poll().kind()).isEqualTo(TlsFailure.Kind.TIMEOUT);
            assertThat(System.nanoTime() - start).isLessThan(2_000_000_000L);
        }
    }

    @ParameterizedTest
    @EnumSource(TlsLibrary.class)
    void a_closed_context_lives_as_long_as_its_last_stream(TlsLibrary library) throws Exception {
        try (TlsRig rig = rig(library)) {
            Process client = rig.openssl("-cert", "client.pem", "-key", "client.key", "-quiet");
            assertThat(rig.established.poll(10, TimeUnit.SECONDS)).isNotNull();
            rig.context.close();
            assertThat(rig.context.users()).isEqualTo(1);

            client.getOutputStream().write("still here\n".getBytes(US_ASCII));
            client.getOutputStream().flush();
            assertThat(client.inputReader().lines().anyMatch("STILL HERE"::equals))
                    .isTrue();
            client.destroy();
            await().atMost(Duration.ofSeconds(5)).until(() -> rig.context.users() == 0);
            try (Socket late = new Socket(
                    rig.listener.address().getAddress(), rig.listener.address().getPort())) {
                assertThatExceptionOfType(IOException.class)
                        .isThrownBy(() -> late.getInputStream().read());
            }
        }
    }

    @ParameterizedTest
    @EnumSource(TlsLibrary.class)
    void an_identity_whose_key_is_another_ones_is_refused_at_once(TlsLibrary library) throws Exception {
        TlsIdentity mixed = new TlsIdentity(List.of(certificates.der("client.pem")), certificates.der("server.key"));

        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() ->
                        TlsContext.server(mixed, certificates.trustRoot(), new TlsOptions(List.of(), false, library)))
                .withMessageStartingWith("the certificates and key do not make a TLS identity");
        assertThat(mixed.toString()).isEqualTo("TlsIdentity[1 certificates]");
    }
}
