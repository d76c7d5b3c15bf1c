package dev.exeat.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.exeat.testkit.Command;
import dev.exeat.testkit.CommandRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * Two minutes of the fault driver, with the same faults each time, so that a red build tells of a change;
 * {@code -Dexeat.faults.seed=N} gives others, and {@code ./exeat-faults} runs for hours with a seed of its own.
 */
@Isolated
class FaultsIT {
    private static final long SEED = 252_217;
    private static final Path CLASS_PATH = Path.of("target", "faults.classpath");

    @Test
    void nothing_is_lost_whatever_goes_wrong() throws IOException {
        long seed = Long.getLong("exeat.faults.seed", SEED);
        System.out.println("exeat.faults.seed=" + seed);

        CommandRun run = driver(
                        "run",
                        "--seed",
                        String.valueOf(seed),
                        "--for",
                        "100s",
                        "--hold",
                        "1.5",
                        "--rate",
                        "15",
                        "--slow-peers",
                        "500",
                        "--resets",
                        "200",
                        "--garbage",
                        "10",
                        "--clock-steps",
                        "--slack",
                        "6")
                .timeout(Duration.ofMinutes(8))
                .run();

        System.out.println(run.stdout());
        assertThat(run.exitCode()).as(run.toString()).isZero();
    }

    private static Command driver(String... arguments) throws IOException {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        return Command.of(
                        java.toString(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        Path.of("target", "test-classes") + ":"
                                + Files.readString(CLASS_PATH).strip(),
                        "dev.exeat.it.faults.Main")
                .with(arguments);
    }
}
