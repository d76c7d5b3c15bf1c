package dev.exeat.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.exeat.testkit.Command;
import dev.exeat.testkit.CommandRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tarball that {@code make dist} makes, unpacked elsewhere. */
class DistIT {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    @TempDir
    private Path directory;

    @Test
    void the_tarball_runs_where_there_is_no_java_and_its_class_caches_are_accepted() throws IOException {
        CommandRun made = Command.of(ROOT.resolve("launcher/dist.sh").toString())
                .env("EXEAT_NO_BUILD", "1")
                .timeout(Duration.ofMinutes(4))
                .run();
        assertThat(made.exitCode()).as(made.toString()).isZero();
        Path tarball;
        try (var files = Files.list(ROOT.resolve("cli/target/dist"))) {
            tarball = files.filter(file -> file.toString().endsWith(".tar.gz"))
                    .findFirst()
                    .orElseThrow();
        }
        Command.of("tar", "-xzf", tarball.toString(), "-C", directory.toString())
                .run();
        Path home;
        try (var files = Files.list(directory)) {
            home = files.findFirst().orElseThrow();
        }

        for (String role : List.of("up", "gateway", "proxy", "version")) {
            // AOTMode=on ends the JVM where the cache can't be used.
            CommandRun run = Command.of(home.resolve("bin/exeat").toString(), role, "--help")
                    .env("EXEAT_JAVA_OPTS", "-XX:AOTMode=on")
                    .env("JAVA_HOME", "/nowhere")
                    .env("PATH", "/usr/bin:/bin")
                    .run();

            assertThat(run.exitCode()).as(run.toString()).isZero();
            assertThat(run.stdout()).contains("exeat " + role);
            assertThat(run.stderr()).doesNotContain("AOT");
        }
        CommandRun loading = Command.of(home.resolve("bin/exeat").toString(), "version")
                .env("EXEAT_JAVA_OPTS", "-Xlog:class+load")
                .run();
        assertThat(loading.stdout())
                .as("classes come out of the cache")
                .containsPattern("dev\\.exeat\\.cli\\.Main source: shared objects file");
        CommandRun cheat = Command.of(home.resolve("bin/exeat").toString(), "version")
                .env("EXEAT_JAVA_OPTS", "-XX:AOTMode=on -XX:-UseCompactObjectHeaders")
                .run();
        assertThat(cheat.exitCode()).as("a cache that does not fit is noticed").isNotZero();
    }
}
