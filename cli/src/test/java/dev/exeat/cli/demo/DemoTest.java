package dev.exeat.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of the demonstration where the program does not do as it should; the launcher is a script here. */
class DemoTest {
    private static final String GATEWAY_UP = """
            #!/bin/sh
            echo "$PWD" > "$HOME/stage"
            case "$1" in
              up) mkdir -p gateway
                  echo $$ >> "$HOME/pids"
                  echo '{"tunnel":"127.0.0.1:1","api":"127.0.0.1:2","admin":"127.0.0.1:3"}' > gateway/ready.json
                  exec sleep 600 ;;
              token) echo a.b.c ;;
              proxy) %s ;;
            esac
            """;

    @TempDir
    Path home;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    @BeforeEach
    void copySamples() throws IOException {
        Path samples = Path.of("..", "samples");
        try (var files = Files.walk(samples)) {
            for (Path file : files.toList()) {
                Files.copy(file, home.resolve("samples").resolve(samples.relativize(file)));
            }
        }
    }

    @Test
    void tells_the_last_words_of_what_does_not_start_and_leaves_nothing_behind() throws Exception {
        launcher(GATEWAY_UP.formatted("echo 'cannot reach the server' >&2; exit 1"));

        Throwable failure = catchThrowable(() -> demo().run());

        assertThat(failure)
                .isInstanceOf(DemoException.class)
                .hasMessageContaining("'exeat proxy' ended with exit code 1")
                .hasMessageContaining("cannot reach the server");
        assertThat(text()).contains("$ exeat up --compat mixer").contains("--connect-to en.wikipedia.org:443:");
        assertNothingIsLeft();
    }

    @Test
    void leaves_nothing_behind_when_interrupted() throws Exception {
        launcher(GATEWAY_UP.formatted("echo $$ >> \"$HOME/pids\"; exec sleep 600"));
        CompletableFuture<Integer> exit = new CompletableFuture<>();
        Thread running = Thread.ofPlatform().start(() -> exit.complete(demo().run()));
        await().until(() -> Files.exists(home.resolve("pids"))
                && Files.readAllLines(home.resolve("pids")).size() == 2);

        running.interrupt();

        assertThat(exit.get()).isEqualTo(1);
        assertThat(text()).contains("Interrupted");
        assertNothingIsLeft();
    }

    private void assertNothingIsLeft() throws IOException {
        assertThat(Path.of(Files.readString(home.resolve("stage")).strip())).doesNotExist();
        List<String> pids = Files.readAllLines(home.resolve("pids"));
        assertThat(pids)
                .isNotEmpty()
                .allSatisfy(
                        pid -> assertThat(ProcessHandle.of(Long.parseLong(pid))).isNotPresent());
    }

    private Demo demo() {
        Map<String, String> environment = new HashMap<>(System.getenv());
        environment.put("HOME", home.toString());
        return new Demo(
                new Demo.Options(home, false, false, false),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                environment);
    }

    private void launcher(String script) throws IOException {
        Path file = home.resolve("exeat");
        Files.writeString(file, script);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private String text() {
        return out.toString(StandardCharsets.UTF_8);
    }
}
