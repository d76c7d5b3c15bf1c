package dev.exeat.control.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ControlSocketTest {
    @TempDir
    private Path directory;

    private ControlSocket open() {
        return ControlSocket.open(
                directory,
                Map.of(
                        "echo", arguments -> Stream.of(Map.of("said", arguments.get("say")), Map.of("said", "twice")),
                        "refuse",
                                _ -> {
                                    throw new IllegalArgumentException("not today");
                                }));
    }

    @Test
    void answers_object_by_object() {
        try (ControlSocket _ = open()) {
            var answer = new ControlClient(directory).ask("echo", Map.of("say", "\u001b[31m\n\"é"));

            assertThat(answer).hasSize(2);
            assertThat(answer.getFirst().get("said").asString()).isEqualTo("\u001b[31m\n\"é");
        }
    }

    @Test
    void says_why_it_refuses() {
        try (ControlSocket _ = open()) {
            ControlClient client = new ControlClient(directory);

            assertThatThrownBy(() -> client.ask("refuse", Map.of())).hasMessage("not today");
            assertThatThrownBy(() -> client.ask("nothing", Map.of())).hasMessageContaining("does not know");
        }
    }

    @Test
    void is_its_owners_alone_and_gone_with_the_process() throws IOException {
        Path socket = directory.resolve("control.sock");
        try (ControlSocket _ = open()) {
            assertThat(Files.getPosixFilePermissions(socket)).isEqualTo(PosixFilePermissions.fromString("rw-------"));
        }
        assertThat(socket).doesNotExist();
    }

    @Test
    void takes_the_place_of_a_dead_processs_socket() throws IOException {
        Files.createFile(directory.resolve("control.sock"));
        try (ControlSocket _ = open()) {
            assertThat(new ControlClient(directory).ask("echo", Map.of("say", "x")))
                    .hasSize(2);
        }
    }

    @Test
    void a_caller_that_sends_no_question_or_too_much_does_not_keep_others_out() throws IOException {
        try (ControlSocket _ = open()) {
            try (SocketChannel silent = connect();
                    SocketChannel noisy = connect()) {
                ByteBuffer tooMuch = ByteBuffer.wrap("x".repeat(256 * 1024 + 1).getBytes(StandardCharsets.US_ASCII));
                while (tooMuch.hasRemaining()) {
                    noisy.write(tooMuch);
                }
                assertThat(noisy.read(ByteBuffer.allocate(1))).isNegative();
                assertThat(silent.isOpen()).isTrue();
                assertThat(new ControlClient(directory).ask("echo", Map.of("say", "x")))
                        .hasSize(2);
            }
        }
    }

    @Test
    void the_client_says_so_where_a_question_is_too_long() {
        try (ControlSocket _ = open()) {
            ControlClient client = new ControlClient(directory);

            assertThatThrownBy(() -> client.ask("echo", Map.of("say", "x".repeat(256 * 1024))))
                    .hasMessage("the question is longer than 262144 octets");
            assertThat(client.ask("echo", Map.of("say", "x".repeat(250_000)))).hasSize(2);
        }
    }

    private SocketChannel connect() throws IOException {
        return SocketChannel.open(UnixDomainSocketAddress.of(directory.resolve("control.sock")));
    }

    @Test
    void without_a_process_the_client_says_where_it_looked() {
        assertThatThrownBy(() -> new ControlClient(directory).ask("echo", Map.of()))
                .isInstanceOf(ControlException.class)
                .hasMessageContaining("control.sock")
                .hasMessageContaining("--data-dir");
    }
}
