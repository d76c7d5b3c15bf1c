package dev.exeat.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandTest {
    private static final Duration LIMIT = Duration.ofSeconds(10);

    @TempDir
    Path directory;

    @Test
    void captures_output_and_exit_code() {
        CommandRun run = Command.of("sh", "-c", "cat; echo $WORD >&2; exit 7")
                .env("WORD", "err")
                .stdin("out")
                .run();

        assertThat(run.stdout()).isEqualTo("out");
        assertThat(run.stderr()).isEqualTo("err\n");
        assertThat(run.exitCode()).isEqualTo(7);
        assertThat(run.timedOut()).isFalse();
    }

    @Test
    void kills_a_program_that_takes_too_long() {
        CommandRun run = Command.of("sh", "-c", "echo before; exec sleep 60")
                .timeout(Duration.ofMillis(200))
                .run();

        assertThat(run.timedOut()).isTrue();
        assertThat(run.stdout()).isEqualTo("before\n");
        assertThat(run.took()).isLessThan(LIMIT);
    }

    @Test
    void waits_for_a_line_and_a_file_of_a_background_process() {
        Path ready = directory.resolve("ready");
        try (BackgroundProcess process = Command.of(
                        "sh", "-c", "echo port 4711 >&2; echo done > " + ready + "; exec sleep 60")
                .start()) {
            assertThat(process.awaitLine("port (\\d+)", LIMIT).group(1)).isEqualTo("4711");
            assertThat(process.awaitFile(ready, LIMIT)).isEqualTo("done\n");
            assertThat(process.isAlive()).isTrue();

            assertThat(process.stop()).isEqualTo(128 + 15);
        }
    }

    @Test
    void tells_what_a_background_process_said_when_it_ends_too_early() {
        try (BackgroundProcess process =
                Command.of("sh", "-c", "echo broken >&2; exit 3").start()) {
            assertThatThrownBy(() -> process.awaitLine("ready", LIMIT))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("broken");
            assertThatThrownBy(() -> process.awaitFile(directory.resolve("never"), LIMIT))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("exit: 3");
        }
    }
}
