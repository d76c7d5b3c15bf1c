package dev.exeat.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.exeat.testkit.Command;
import dev.exeat.testkit.CommandRun;
import dev.exeat.testkit.HelloCases;
import dev.exeat.testkit.HostileClient;
import dev.exeat.testkit.Outcome;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The tunnel listener's handshake against tlslite-ng, a TLS that others wrote, bent in ways that no honest client knows:
 * each conversation ends with an alert or a close, and the gateway serves on.
 */
class BentTlsIT {
    private static final String SEED = System.getProperty("exeat.seed", "1");
    private static final String ROUNDS = "24";

    @TempDir
    private Path directory;

    @Test
    void a_handshake_that_breaks_the_rules_ends_with_an_alert_or_a_close() throws Exception {
        Path python = pythonWithTlslite();
        assumeTrue(python != null, "tlslite-ng is not installed: pip install tlslite-ng");
        try (Rig rig = Rig.start(directory)) {
            // tlslite-ng wants a key with its public half, which the platform leaves out.
            Path key = directory.resolve("whole.key");
            CommandRun.of("openssl", "ec", "-in", rig.mint.svid("a").key().toString(), "-out", key.toString());
            CommandRun run = Command.of(
                            python.toString(),
                            Path.of("src", "test", "resources", "tls", "bent.py")
                                    .toString(),
                            "127.0.0.1",
                            String.valueOf(rig.gateway.address("tunnel").getPort()),
                            rig.mint.svid("a").certificate().toString(),
                            key.toString(),
                            rig.authority("allowed.test"),
                            SEED,
                            ROUNDS)
                    .timeout(Duration.ofMinutes(3))
                    .run();
            assertThat(run.exitCode()).as(run.toString()).isZero();

            Map<String, String> ends = ends(run.stdout().lines().toList());
            for (String version : List.of("TLSv1.2: ", "TLSv1.3: ")) {
                assertThat(ends.remove(version + "straight")).as(version).isEqualTo("opened");
                assertThat(ends.remove(version + "hello in records of one octet"))
                        .as(version)
                        .isEqualTo("opened");
            }
            assertThat(ends).hasSizeGreaterThan(80);
            assertThat(ends)
                    .allSatisfy((name, end) -> assertThat(end)
                            .as(name + ", seed " + SEED)
                            .matches(name.contains("at random") ? "closed|opened|alert \\w+" : "closed|alert \\w+"));
            assertThat(ends)
                    .containsEntry("TLSv1.3: flipped signature", "alert decrypt_error")
                    .containsEntry("TLSv1.3: flipped finished", "alert decrypt_error")
                    .containsEntry("TLSv1.3: empty certificate list", "alert certificate_required");
            serves(rig);
        }
    }

    private static void serves(Rig rig) throws Exception {
        assertThat(rig.gateway.process().isAlive()).isTrue();
        try (HostileClient client = rig.tunnelTo("allowed.test")) {
            assertThat(client.send(HelloCases.of("N01").octets()).outcome(Duration.ofSeconds(5)))
                    .isEqualTo(new Outcome.Forwarded());
        }
        assertThat(rig.gateway.process().stderr()).noneMatch(line -> line.contains("fault of its own code"));
        rig.settle();
    }

    private static Map<String, String> ends(List<String> lines) {
        Map<String, String> ends = new TreeMap<>();
        for (String line : lines) {
            int at = line.lastIndexOf(": ");
            ends.put(line.substring(0, at), line.substring(at + 2));
        }
        return ends;
    }

    private static @Nullable Path pythonWithTlslite() {
        Path python = Tools.find("python3");
        boolean there = python != null
                && CommandRun.of(python.toString(), "-c", "import tlslite").exitCode() == 0;
        return there ? python : null;
    }
}
