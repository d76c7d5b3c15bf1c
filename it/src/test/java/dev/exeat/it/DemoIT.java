package dev.exeat.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.exeat.testkit.Command;
import dev.exeat.testkit.CommandRun;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The demonstration itself, through the launcher, as a new user runs it. */
class DemoIT {
    @Test
    void every_expectation_of_the_story_holds() {
        CommandRun run = Command.of(
                        Path.of("..", "exeat").toAbsolutePath().normalize().toString(), "demo")
                // This very build; a launcher that built anew would do so within the build.
                .env("EXEAT_NO_BUILD", "1")
                .timeout(Duration.ofMinutes(3))
                .run();

        assertThat(run.stdout()).as(run.toString()).doesNotContain("FAILED").contains("expectations held");
        assertThat(run.exitCode()).isZero();
    }
}
