package dev.exeat.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.exeat.testkit.Command;
import dev.exeat.testkit.CommandRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./exeat} on machines where another Java comes first. */
class LauncherIT {
    private static final Path EXEAT = Path.of("..", "exeat").toAbsolutePath().normalize();

    @TempDir
    private Path directory;

    private Path bin;

    @BeforeEach
    void old_java_first_on_the_path() throws IOException {
        bin = Files.createDirectories(directory.resolve("an old jdk/bin"));
        script("java", "echo 'openjdk version \"17.0.1\" 2021-10-19' >&2; exit 1");
        script("javac", "exit 1");
    }

    private void script(String name, String body) throws IOException {
        Path file = bin.resolve(name);
        Files.writeString(file, "#!/bin/sh\n" + body + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private Command run(String... words) {
        return Command.of(words)
                .env("PATH", bin + ":" + System.getenv("PATH"))
                .env("JAVA_HOME", bin.getParent().toString())
                .env("EXEAT_NO_BUILD", "1");
    }

    @Test
    void finds_a_fitting_jdk_whatever_java_comes_first() {
        CommandRun run = run(EXEAT.toString(), "version").run();

        assertThat(run.exitCode()).as(run.toString()).isZero();
        assertThat(run.stdout()).startsWith("exeat ").contains("JDK");
    }

    @Test
    void runs_through_a_link_from_another_directory_and_without_a_home() throws IOException {
        Path link = directory.resolve("a link");
        Files.createSymbolicLink(link, EXEAT);

        CommandRun run = run("env", "-u", "HOME", link.toString(), "version")
                .in(directory)
                .run();

        assertThat(run.exitCode()).as(run.toString()).isZero();
    }

    @Test
    void without_any_jdk_it_says_what_to_install() throws IOException {
        Path copy = Files.createDirectories(directory.resolve("launcher"));
        String finder = Files.readString(EXEAT.resolveSibling("launcher").resolve("find-jdk.sh"));
        Files.writeString(
                copy.resolve("find-jdk.sh"),
                finder.replaceAll("/usr/lib/jvm|/opt/java|/opt/jdk|\\.sdkman|/Library/Java", "/nowhere"));
        Files.writeString(directory.resolve("exeat"), Files.readString(EXEAT));

        CommandRun run = run("sh", directory.resolve("exeat").toString(), "version")
                .env("PATH", bin + ":/bin:/usr/bin")
                .run();

        assertThat(run.exitCode()).as(run.toString()).isEqualTo(3);
        assertThat(run.stderr()).contains("no JDK 25").contains("Install");
    }
}
