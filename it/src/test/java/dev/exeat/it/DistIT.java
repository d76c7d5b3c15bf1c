package dev.exeat.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.exeat.testkit.BackgroundProcess;
import dev.exeat.testkit.Case;
import dev.exeat.testkit.Command;
import dev.exeat.testkit.CommandRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** The tarball that {@code make dist} makes, unpacked elsewhere. */
@Isolated
class DistIT {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    @TempDir
    private static Path directory;

    private static Path home;

    @BeforeAll
    static void unpack() throws IOException {
        CommandRun made = Command.of(ROOT.resolve("launcher/dist.sh").toString())
                .env("EXEAT_NO_BUILD", "1")
                .timeout(Duration.ofMinutes(4))
                .run();
        assertThat(made.exitCode()).as(made.toString()).isZero();
        Path tarball = theOne(ROOT.resolve("cli/target/dist"), ".tar.gz");
        Command.of("tar", "-xzf", tarball.toString(), "-C", directory.toString())
                .run();
        home = theOne(directory, "");
    }

    private static Path theOne(Path parent, String ending) throws IOException {
        try (var files = Files.list(parent)) {
            return files.filter(file -> file.toString().endsWith(ending))
                    .findFirst()
                    .orElseThrow();
        }
    }

    @Test
    void the_tarball_runs_where_there_is_no_java_and_its_class_caches_are_accepted() throws IOException {
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

    @Test
    @Case("X06")
    void it_runs_as_a_plain_user_who_can_write_his_data_directory_alone() throws IOException {
        boolean root = System.getProperty("user.name").equals("root");
        Path data = Files.createDirectory(directory.resolve("data"));
        Command.of("chmod", "a+rx", directory.toString()).run();
        Command.of("chmod", "-R", "a-w,a+rX", home.toString()).run();
        List<String> words = new ArrayList<>();
        if (root) {
            Command.of("chown", "65534:65534", data.toString()).run();
            words.addAll(List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"));
        }
        words.addAll(List.of(home.resolve("bin/exeat").toString(), "up", "--data-dir", data.toString()));
        for (String listener : List.of("--tunnel", "--api", "--admin")) {
            words.addAll(List.of(listener, "127.0.0.1:0"));
        }
        try (BackgroundProcess up = Command.of(words).env("HOME", "/nowhere").start()) {
            up.awaitLine("ready \\{", Duration.ofSeconds(30));

            assertThat(Command.of("find", home.toString(), "-newer", data.toString(), "-type", "f")
                            .run()
                            .stdout())
                    .isEmpty();
            assertThat(up.stop()).isZero();
        } finally {
            Command.of("chmod", "-R", "u+w", home.toString()).run();
        }
    }
}
