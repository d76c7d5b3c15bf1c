package dev.exeat.it;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.exeat.testkit.Case;
import dev.exeat.testkit.SvidMint;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/**
 * Outer sessions that openssl's client resumes by their tickets (case S09): a ticket spares the handshake and no
 * judgement. What changes the gateway's identity files comes last.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ResumptionIT {
    private static final Duration LIMIT = Duration.ofSeconds(10);

    @TempDir
    private static Path directory;

    private static Rig rig;

    @BeforeAll
    static void start() throws Exception {
        rig = Rig.start(directory);
    }

    @AfterAll
    static void stop() {
        rig.close();
    }

    @BeforeEach
    void settle() {
        rig.settle();
    }

    /** What a client saw: openssl's words on the session, and the first line of the answer to its CONNECT. */
    private record Seen(String session, String answer) {
        boolean isResumed() {
            return session.startsWith("Reused, ");
        }

        boolean isServed() {
            return answer.startsWith("HTTP/1.1 200");
        }
    }

    private static Seen connect(Rig to, String... options) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                "timeout", "15", "openssl", "s_client", "-connect", to.gateway.at("tunnel"), "-alpn", "http/1.1"));
        command.addAll(List.of(options));
        Process client = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            String target = to.authority("allowed.test");
            client.getOutputStream()
                    .write(("CONNECT " + target + " HTTP/1.1\r\nHost: " + target + "\r\n\r\n").getBytes(US_ASCII));
            client.getOutputStream().flush();
            String session = "";
            String answer = "";
            var said = client.inputReader();
            for (String line = said.readLine(); line != null && answer.isEmpty(); line = said.readLine()) {
                session = line.startsWith("New, ") || line.startsWith("Reused, ") ? line : session;
                // What openssl says of a ticket stands before it, behind it, or on both sides.
                int begin = line.indexOf("HTTP/1.1 ");
                answer = begin < 0 ? "" : line.substring(begin);
            }
            return new Seen(session, answer);
        } catch (IOException e) {
            return new Seen("", "");
        } finally {
            client.destroy();
        }
    }

    /** A full handshake that leaves its session in a file, which is there once its ticket has come. */
    private static Path session(String svid, String version) throws IOException {
        Path file = Files.createTempDirectory(directory, "session").resolve(svid);
        Seen seen = connect(rig, withCertificate(svid, version, "-sess_out", file.toString()));
        assertThat(seen.isResumed()).isFalse();
        assertThat(seen.isServed()).isTrue();
        await().atMost(LIMIT).until(() -> Files.exists(file) && Files.size(file) > 0);
        return file;
    }

    private static String[] withCertificate(String svid, String... more) {
        SvidMint.Svid identity = rig.mint.svid(svid);
        return Stream.concat(
                        Stream.of(
                                "-cert", identity.certificate().toString(),
                                "-key", identity.key().toString()),
                        Stream.of(more))
                .toArray(String[]::new);
    }

    @ParameterizedTest
    @Order(1)
    @ValueSource(strings = {"-tls1_3", "-tls1_2"})
    void a_resumed_session_has_the_identity_of_the_first(String version) throws Exception {
        Path session = session("b", version);
        rig.settle();
        int recorded = rig.records().size();

        // Without a certificate: whatever identity there is comes from the ticket.
        Seen seen = connect(rig, version, "-sess_in", session.toString());

        assertThat(seen.isResumed()).isTrue();
        assertThat(seen.isServed()).isTrue();
        JsonNode record = rig.recordAfter(recorded);
        assertThat(record.get("identity").asString()).isEqualTo("spiffe://rig.test/ns/default/sa/sleep-canada");
        assertThat(record.get("outer_tls").get("resumed").asBoolean()).isTrue();
    }

    @Test
    @Order(2)
    void without_tickets_no_session_is_resumed() throws Exception {
        try (Rig strict = Rig.start(Files.createDirectories(directory.resolve("strict")), "--tickets", "off")) {
            SvidMint.Svid identity = strict.mint.svid("b");
            for (String version : List.of("-tls1_3", "-tls1_2")) {
                Path file = directory.resolve("strict/session" + version);
                String[] client = {
                    "-cert",
                    identity.certificate().toString(),
                    "-key",
                    identity.key().toString(),
                    version
                };
                assertThat(connect(strict, with(client, "-sess_out", file)).isServed())
                        .isTrue();
                assertThat(file).doesNotExist();
            }
        }
    }

    private static String[] with(String[] options, String option, Path file) {
        return Stream.concat(Stream.of(options), Stream.of(option, file.toString()))
                .toArray(String[]::new);
    }

    @ParameterizedTest
    @Order(3)
    @ValueSource(strings = {"-tls1_3", "-tls1_2"})
    @Case("S09")
    void a_ticket_is_worth_nothing_once_its_certificate_is_revoked(String version) throws Exception {
        String svid = version.equals("-tls1_3") ? "revoked" : "a";
        Path session = session(svid, version);
        assertThat(connect(rig, version, "-sess_in", session.toString()).isServed())
                .isTrue();
        Files.writeString(
                directory.resolve("identity/revoked.txt"),
                serial(svid) + "\n",
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
        await().atMost(LIMIT)
                .until(() -> !connect(rig, withCertificate(svid, version)).isServed());
        rig.settle();
        int recorded = rig.records().size();

        Seen seen = connect(rig, version, "-sess_in", session.toString());

        assertThat(seen.isServed()).isFalse();
        assertThat(rig.recordAfter(recorded).get("reason").asString()).isEqualTo("identity_invalid");
    }

    private static String serial(String svid) throws Exception {
        try (var in = Files.newInputStream(rig.mint.svid(svid).certificate())) {
            BigInteger serial = ((X509Certificate)
                            CertificateFactory.getInstance("X.509").generateCertificate(in))
                    .getSerialNumber();
            return serial.toString(16);
        }
    }

    @Test
    @Order(4)
    @Case({"S09", "I38"})
    void a_changed_bundle_asks_for_a_full_handshake() throws Exception {
        Path session = session("b", "-tls1_3");
        Path bundle = directory.resolve("identity/bundle.pem");
        Path changed = directory.resolve("identity/bundle.new");
        // A second root, under which nobody here is.
        Files.writeString(changed, Files.readString(bundle) + Files.readString(directory.resolve("svids/rogue.crt")));
        Files.move(changed, bundle, StandardCopyOption.ATOMIC_MOVE);

        await().atMost(LIMIT)
                .until(() ->
                        !connect(rig, "-tls1_3", "-sess_in", session.toString()).isServed());
        Seen seen = connect(rig, withCertificate("b", "-tls1_3", "-sess_in", session.toString()));
        assertThat(seen.isResumed()).isFalse();
        assertThat(seen.isServed()).isTrue();
    }
}
