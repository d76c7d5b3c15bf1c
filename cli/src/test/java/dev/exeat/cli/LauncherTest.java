package dev.exeat.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real launcher in a home of its own, whose build is a script that lays out a small program. */
class LauncherTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    @TempDir
    Path directory;

    private Path home;

    @BeforeEach
    void makeHome() throws Exception {
        home = Files.createDirectories(directory.resolve("a home"));
        Files.createDirectories(home.resolve("launcher"));
        Files.createDirectories(home.resolve("cli/src/main"));
        Files.copy(ROOT.resolve("exeat"), home.resolve("exeat"));
        Files.copy(ROOT.resolve("launcher/find-jdk.sh"), home.resolve("launcher/find-jdk.sh"));
        Files.copy(ROOT.resolve("launcher/build.sh"), home.resolve("launcher/build.sh"));
        Files.writeString(home.resolve("pom.xml"), "<project/>");
        Files.writeString(home.resolve("cli/pom.xml"), "<project/>");
        Files.writeString(home.resolve("cli/src/main/Source.java"), "class Source {}");
        script("mvnw", """
                #!/bin/sh
                echo "built" >> "$(dirname "$0")/builds"
                echo "[INFO] Building exeat-model 1 [1/2]"
                echo "[INFO] Building exeat-cli 1 [2/2]"
                for argument; do
                  case "$argument" in -Dexeat.layout=*) layout=${argument#-Dexeat.layout=} ;; esac
                done
                mkdir -p "$layout"
                cp "$(dirname "$0")/program.jar" "$layout/exeat-cli-1.jar"
                """);
        program();
    }

    @Test
    void builds_on_first_use_and_passes_arguments_and_exit_code() throws Exception {
        Run first = run(Map.of(), "a b", "5");
        Run second = run(Map.of(), "c", "0");

        assertThat(first.exitCode()).isEqualTo(5);
        assertThat(first.out()).isEqualTo("[a b, 5]\n");
        assertThat(first.err())
                .contains("building (log: " + home.resolve("cli/target/build.log") + ")")
                .contains("exeat: building [1/2] exeat-model\n")
                .contains("exeat: building [2/2] exeat-cli\n");
        assertThat(second.out()).isEqualTo("[c, 0]\n");
        assertThat(second.err()).isEmpty();
        assertThat(builds()).isEqualTo(1);
    }

    @Test
    void builds_again_when_a_source_or_pom_is_newer() throws Exception {
        run(Map.of(), "0");

        touch(home.resolve("cli/src/main/Source.java"));
        run(Map.of(), "0");
        assertThat(builds()).isEqualTo(2);

        touch(home.resolve("pom.xml"));
        run(Map.of(), "0");
        assertThat(builds()).isEqualTo(3);
    }

    @Test
    void takes_the_build_as_it_is_where_it_is_told_so() throws Exception {
        run(Map.of(), "0");
        touch(home.resolve("cli/src/main/Source.java"));

        Run run = run(Map.of("EXEAT_NO_BUILD", "1"), "0");

        assertThat(run.exitCode()).isZero();
        assertThat(builds()).isEqualTo(1);
    }

    @Test
    void a_failed_build_is_told_and_breaks_nothing() throws Exception {
        run(Map.of(), "0");
        script("mvnw", "#!/bin/sh\necho '[ERROR] Source.java:[1,1] no such type'\nexit 1\n");
        touch(home.resolve("cli/src/main/Source.java"));

        Run failed = run(Map.of(), "0");
        Run old = run(Map.of("EXEAT_NO_BUILD", "1"), "0");

        assertThat(failed.exitCode()).isEqualTo(ExitCode.UNKNOWN);
        assertThat(failed.out()).isEmpty();
        assertThat(failed.err())
                .contains("[ERROR] Source.java:[1,1] no such type")
                .contains("all of its output is in " + home.resolve("cli/target/build.log"));
        assertThat(old.exitCode()).isZero();
    }

    @Test
    void two_first_runs_at_once_build_once() throws Exception {
        Process one = start(Map.of(), directory, home.resolve("exeat"), "1", "0");
        Process other = start(Map.of(), directory, home.resolve("exeat"), "2", "0");

        Run first = Run.of(one);
        Run second = Run.of(other);

        assertThat(first.out()).isEqualTo("[1, 0]\n");
        assertThat(second.out()).isEqualTo("[2, 0]\n");
        assertThat(builds()).isEqualTo(1);
    }

    @Test
    void runs_through_a_link_whatever_java_comes_first() throws Exception {
        Path link = Files.createSymbolicLink(directory.resolve("exeat-link"), home.resolve("exeat"));
        Path bin = Files.createDirectories(directory.resolve("bin"));
        Files.writeString(bin.resolve("java"), "#!/bin/sh\necho 'an old java' >&2\nexit 9\n");
        executable(bin.resolve("java"));
        String path = bin + ":" + System.getenv("PATH");

        Run run = Run.of(start(Map.of("PATH", path, "JAVA_HOME", ""), Path.of("/"), link, "0"));

        assertThat(run.out()).isEqualTo("[0]\n");
        assertThat(run.exitCode()).isZero();
    }

    /** How the launcher ended. */
    private record Run(int exitCode, String out, String err) {
        static Run of(Process process) throws Exception {
            String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Run(process.waitFor(), out, err);
        }
    }

    private Run run(Map<String, String> environment, String... arguments) throws Exception {
        return Run.of(start(environment, directory, home.resolve("exeat"), arguments));
    }

    private static Process start(Map<String, String> environment, Path from, Path launcher, String... arguments)
            throws IOException {
        List<String> command = new ArrayList<>(List.of(launcher.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).directory(from.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("EXEAT_"));
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().putAll(environment);
        return builder.start();
    }

    private long builds() throws IOException {
        try (var lines = Files.lines(home.resolve("builds"))) {
            return lines.count();
        }
    }

    /** Makes a file newer than the build, and nothing else: the build is moved into the past. */
    private void touch(Path file) throws IOException {
        FileTime past = FileTime.from(Instant.now().minusSeconds(60));
        try (var files = Files.walk(home)) {
            for (Path each : files.toList()) {
                Files.setLastModifiedTime(each, past);
            }
        }
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(30)));
    }

    private void script(String name, String text) throws IOException {
        Files.writeString(home.resolve(name), text);
        executable(home.resolve(name));
    }

    private static void executable(Path file) throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** A jar with a main class of the real one's name, which prints its arguments and ends with the last of them. */
    private void program() throws IOException {
        Path source = Files.createDirectories(directory.resolve("program/dev/exeat/cli"))
                .resolve("Main.java");
        Files.writeString(source, """
                package dev.exeat.cli;
                public class Main {
                    public static void main(String[] args) {
                        System.out.println(java.util.Arrays.toString(args));
                        System.exit(Integer.parseInt(args[args.length - 1]));
                    }
                }
                """);
        int compiled = ToolProvider.findFirst("javac")
                .orElseThrow()
                .run(System.out, System.err, "-d", directory.resolve("program").toString(), source.toString());
        assertThat(compiled).isZero();
        try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(home.resolve("program.jar")))) {
            jar.putNextEntry(new JarEntry("dev/exeat/cli/Main.class"));
            jar.write(Files.readAllBytes(directory.resolve("program/dev/exeat/cli/Main.class")));
            jar.closeEntry();
        }
    }
}
