package dev.exeat.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.exeat.testkit.CommandRun;
import dev.exeat.testkit.HostileClient;
import dev.exeat.testkit.OuterTls;
import dev.exeat.testkit.SvidMint;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A gateway elsewhere learns from the API what is revoked, and keeps what it knows while the API is away. */
class ServerTrustIT {
    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final String HOST = "en.wikipedia.org";

    @TempDir
    private Path directory;

    private Mesh mesh;

    @BeforeEach
    void start() {
        mesh = Mesh.start(directory);
    }

    @AfterEach
    void stop() {
        mesh.close();
    }

    private Program.Running elsewhere(String... more) {
        List<String> flags = new ArrayList<>(List.of(mesh.enrolmentOf("exeat-gateway", "exeat-system")));
        flags.addAll(List.of("--data-dir", directory.resolve("elsewhere").toString()));
        flags.addAll(List.of(more));
        return mesh.another("gateway", flags.toArray(String[]::new));
    }

    private HostileClient as(String account, Program.Running gateway) throws SSLException {
        Path files = mesh.svid(account);
        SvidMint.Svid svid = new SvidMint.Svid(
                account, "", SvidMint.Verdict.ACCEPT, files.resolve("svid.pem"), files.resolve("key.pem"));
        return HostileClient.mutualTls(
                gateway.address("tunnel"),
                OuterTls.as(svid, files.resolve("bundle.pem")).offering("http/1.1"));
    }

    private boolean accepted(String account, Program.Running gateway) {
        try (HostileClient client = as(account, gateway)) {
            return client.connect(HOST + ":443").startsWith("HTTP/1.1 200");
        } catch (SSLException e) {
            return false;
        }
    }

    /** The application's TLS to the site, within a tunnel. */
    private SSLSocket carried(HostileClient client) throws Exception {
        assertThat(client.connect(HOST + ":443")).startsWith("HTTP/1.1 200");
        SSLSocket inner =
                (SSLSocket) mesh.pki.clientContext().getSocketFactory().createSocket(client.socket(), HOST, 443, true);
        inner.startHandshake();
        return inner;
    }

    private static String page(SSLSocket inner) throws IOException {
        inner.setSoTimeout((int) LIMIT.toMillis());
        inner.getOutputStream()
                .write(("GET /page HTTP/1.1\r\nHost: " + HOST + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
        byte[] answer = new byte[15];
        int count = inner.getInputStream().readNBytes(answer, 0, answer.length);
        return new String(answer, 0, count, StandardCharsets.US_ASCII);
    }

    private void revoke(String account) throws IOException {
        Files.writeString(mesh.data().resolve("revoked.txt"), "spiffe://cluster.local/ns/default/sa/" + account + "\n");
    }

    @Test
    void a_revocation_reaches_a_gateway_elsewhere_and_its_live_tunnels_within_five_seconds() throws Exception {
        try (Program.Running gateway = elsewhere();
                HostileClient revoked = as("sleep-us", gateway);
                HostileClient other = as("sleep", gateway)) {
            SSLSocket ofRevoked = carried(revoked);
            SSLSocket ofOther = carried(other);
            long began = System.nanoTime();
            revoke("sleep-us");

            assertEnds(ofRevoked);
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(LIMIT);
            assertThat(accepted("sleep-us", gateway)).isFalse();
            assertThat(accepted("sleep", gateway)).isTrue();
            assertThat(page(ofOther)).startsWith("HTTP/1.1 200");
        }
    }

    @Test
    void a_gateway_keeps_the_last_good_revocations_while_the_authority_is_away_and_says_so() throws Exception {
        try (Program.Running gateway = elsewhere()) {
            assertThat(accepted("sleep-us", gateway)).isTrue();
            assertThat(accepted("sleep", gateway)).isTrue();
            revoke("sleep-us");
            await().atMost(LIMIT).until(() -> !accepted("sleep-us", gateway));

            mesh.gateway.close();

            gateway.process().awaitLine("the last good revocations stay in force", LIMIT.multipliedBy(2));
            assertThat(accepted("sleep-us", gateway)).isFalse();
            assertThat(accepted("sleep", gateway)).isTrue();
        }
    }

    /** A service account that is deleted gets no certificate any more; the one that it has is revoked by a line. */
    @Test
    void a_deleted_service_account_gets_no_certificate() throws Exception {
        List<String> words = new ArrayList<>(
                List.of("svid", "fetch", "--out", directory.resolve("late").toString()));
        words.addAll(List.of(mesh.enrolmentOf("sleep", "default")));
        assertThat(Program.exeat(words.toArray(String[]::new)).run().exitCode()).isZero();

        Files.delete(mesh.manifests().resolve("sleep.yaml"));

        await().atMost(LIMIT.multipliedBy(2)).until(() -> {
            CommandRun run = Program.exeat(words.toArray(String[]::new)).run();
            return run.exitCode() != 0 && run.stderr().contains("service account default/sleep is not known");
        });
    }

    private static void assertEnds(SSLSocket inner) {
        try {
            inner.setSoTimeout((int) LIMIT.toMillis());
            assertThat(inner.getInputStream().read()).isEqualTo(-1);
        } catch (SocketTimeoutException e) {
            throw new AssertionError("it still carries", e);
        } catch (IOException e) {
            // Cut.
        }
    }
}
