package dev.exeat.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.exeat.testkit.HelloCases;
import dev.exeat.testkit.HostileClient;
import dev.exeat.testkit.Outcome;
import dev.exeat.testkit.Received;
import dev.exeat.testkit.SvidMint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Roots that come and go without a restart, of the own trust domain and of another; live tunnels follow by choice. */
class TrustChangesIT {
    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final Duration DRAIN = Duration.ofSeconds(2);

    @TempDir
    private Path directory;

    private Rig rig;

    private void start(String... flags) throws Exception {
        rig = Rig.start(directory, flags);
    }

    @AfterEach
    void stop() {
        rig.close();
    }

    private Path svids(String file) {
        return directory.resolve("svids").resolve(file);
    }

    private void bundle(String... roots) throws IOException {
        StringBuilder pem = new StringBuilder();
        for (String root : roots) {
            pem.append(Files.readString(svids(root)));
        }
        Files.writeString(directory.resolve("identity/bundle.pem"), pem);
    }

    private boolean accepted(String svid) {
        try (HostileClient client = rig.as(svid, "http/1.1")) {
            return client.connect(rig.authority("allowed.test")).startsWith("HTTP/1.1 200");
        } catch (SSLException e) {
            return false;
        }
    }

    private HostileClient carried(String svid) throws SSLException {
        HostileClient client = rig.as(svid, "http/1.1");
        assertThat(client.connect(rig.authority("allowed.test"))).startsWith("HTTP/1.1 200");
        assertThat(client.send(HelloCases.of("N01").octets()).outcome(LIMIT)).isEqualTo(new Outcome.Forwarded());
        return client;
    }

    private long octetsReceived() {
        return rig.upstream.received().stream().mapToLong(Received::count).sum();
    }

    private void assertCarries(HostileClient client) {
        long before = octetsReceived();
        client.send(new byte[] {23, 3, 3, 0, 1, 7});
        await().atMost(LIMIT).until(() -> octetsReceived() == before + 6);
    }

    /** What becomes of a tunnel whose root went at a time, as {@code --on-revoke} says. */
    private void assertFollows(String mode, HostileClient client, long wentAt) {
        switch (mode) {
            case "keep" -> assertCarries(client);
            case "cut" -> {
                assertThat(client.outcome(LIMIT)).isInstanceOf(Outcome.Closed.class);
                assertThat(Duration.ofNanos(System.nanoTime() - wentAt)).isLessThan(LIMIT.plusMillis(500));
            }
            default -> {
                assertThat(client.outcome(LIMIT.plus(DRAIN))).isInstanceOf(Outcome.Closed.class);
                assertThat(Duration.ofNanos(System.nanoTime() - wentAt)).isGreaterThan(DRAIN.minusMillis(100));
            }
        }
        if (!mode.equals("keep")) {
            await().atMost(LIMIT)
                    .until(() -> rig.records().stream()
                            .anyMatch(record -> record.path("flag").asString("").equals("revoked")));
        }
    }

    /** Of two roots with the same name and different keys, as a rotation has them. */
    @ParameterizedTest
    @ValueSource(strings = {"keep", "drain", "cut"})
    void a_root_is_rotated_without_a_restart(String mode) throws Exception {
        start("--on-revoke", mode);
        assertThat(accepted("a")).isTrue();
        assertThat(accepted("rogue-root")).isFalse();

        bundle("ca.crt", "rogue.crt");

        await().atMost(LIMIT).until(() -> accepted("rogue-root"));
        assertThat(accepted("a")).isTrue();
        try (HostileClient ofOld = carried("a");
                HostileClient ofNew = carried("rogue-root")) {
            long wentAt = System.nanoTime();
            bundle("rogue.crt");

            await().atMost(LIMIT).until(() -> !accepted("a"));
            assertFollows(mode, ofOld, wentAt);
            assertCarries(ofNew);
            assertThat(accepted("rogue-root")).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"keep", "drain", "cut"})
    void another_trust_domain_is_trusted_as_long_as_its_bundle_is_there(String mode) throws Exception {
        Path federated = directory.resolve("other.pem");
        start("--on-revoke", mode, "--federated-bundle", SvidMint.OTHER_TRUST_DOMAIN + "=" + federated);
        assertThat(accepted("other-own")).isFalse();

        Files.copy(svids("otherca.crt"), federated);

        await().atMost(LIMIT).until(() -> accepted("other-own"));
        assertThat(accepted("a")).isTrue();
        // Each domain's roots vouch for its own IDs alone.
        assertThat(accepted("foreign-td")).isFalse();
        assertThat(accepted("foreign-root")).isFalse();
        assertThat(accepted("rogue-root")).isFalse();
        assertThat(rig.records().stream().map(record -> record.path("identity").asString("")))
                .contains("spiffe://other.test/ns/default/sa/sleep-us");
        try (HostileClient theirs = carried("other-own");
                HostileClient ours = carried("a")) {
            long wentAt = System.nanoTime();
            Files.delete(federated);

            await().atMost(LIMIT).until(() -> !accepted("other-own"));
            assertFollows(mode, theirs, wentAt);
            assertCarries(ours);
        }
    }

    @Test
    void a_bundle_that_names_another_domain_or_is_broken_changes_nothing() throws Exception {
        Path federated = directory.resolve("other.pem");
        start("--federated-bundle", SvidMint.OTHER_TRUST_DOMAIN + "=" + federated);
        Files.copy(svids("otherca.crt"), federated);
        await().atMost(LIMIT).until(() -> accepted("other-own"));

        Files.copy(svids("ca.crt"), federated, StandardCopyOption.REPLACE_EXISTING);

        rig.gateway.process().awaitLine("the last good federated bundle stays in force", LIMIT);
        assertThat(accepted("foreign-td")).isFalse();
        assertThat(accepted("other-own")).isTrue();
    }
}
