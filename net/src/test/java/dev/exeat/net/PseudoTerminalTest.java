package dev.exeat.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class PseudoTerminalTest {

    @BeforeEach
    void needs_setsid() {
        assumeThat(Files.isExecutable(Path.of("/usr/bin/setsid"))).isTrue();
    }

    private static Process run(PseudoTerminal terminal, String script) throws IOException {
        return new ProcessBuilder(
                        "setsid",
                        "-w",
                        "sh",
                        "-c",
                        "exec \"$@\" <>\"$0\" >&0 2>&0",
                        terminal.path(),
                        "sh",
                        "-c",
                        script)
                .start();
    }

    private static String readAll(PseudoTerminal terminal) {
        StringBuilder text = new StringBuilder();
        byte[] buffer = new byte[512];
        for (int length = terminal.read(buffer); length > 0; length = terminal.read(buffer)) {
            text.append(new String(buffer, 0, length, StandardCharsets.UTF_8));
        }
        return text.toString();
    }

    private static String readUntil(PseudoTerminal terminal, String end) {
        StringBuilder text = new StringBuilder();
        byte[] buffer = new byte[512];
        while (text.indexOf(end) < 0) {
            text.append(new String(buffer, 0, terminal.read(buffer), StandardCharsets.UTF_8));
        }
        return text.toString();
    }

    @Test
    void a_program_runs_in_it_and_all_it_printed_is_read_before_the_end() throws Exception {
        try (PseudoTerminal terminal = PseudoTerminal.open()) {
            terminal.resize(100, 40);
            Process process = run(terminal, "tty; stty size; seq 20000; exit 35");

            String text = readAll(terminal);

            assertThat(text).startsWith(terminal.path() + "\r\n40 100\r\n").endsWith("\r\n20000\r\n");
            assertThat(process.waitFor()).isEqualTo(35);
        }
    }

    @Test
    void what_is_typed_and_the_new_size_reach_the_program() throws Exception {
        try (PseudoTerminal terminal = PseudoTerminal.open()) {
            Process process = run(
                    terminal,
                    "stty -echo; echo on; read a; echo got $a; trap 'stty size' WINCH; "
                            + "echo armed; read b; read c; echo end");
            readUntil(terminal, "on\r\n");
            terminal.write("hello\n".getBytes(StandardCharsets.UTF_8));
            assertThat(readUntil(terminal, "armed")).contains("got hello");

            terminal.resize(132, 50);
            terminal.write("\n".getBytes(StandardCharsets.UTF_8));
            assertThat(readUntil(terminal, "50 132")).contains("50 132");
            terminal.write("\n\n".getBytes(StandardCharsets.UTF_8));

            assertThat(readAll(terminal)).contains("end");
            assertThat(process.waitFor()).isZero();
        }
    }

    @Test
    void closing_it_hangs_up_on_the_program() throws Exception {
        PseudoTerminal terminal = PseudoTerminal.open();
        Process process = run(terminal, "echo up; sleep 600");
        readUntil(terminal, "up");

        terminal.close();

        assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(terminal.read(new byte[8])).isEqualTo(-1);
    }

    @Test
    void it_ends_when_it_is_finished_though_a_program_keeps_it_open() throws Exception {
        try (PseudoTerminal terminal = PseudoTerminal.open()) {
            Process process = run(terminal, "trap '' HUP; sleep 600 & echo left $!");
            process.waitFor();
            String child = readUntil(terminal, "\r\n").strip().replace("left ", "");

            terminal.finish();

            assertThat(readAll(terminal)).isEmpty();
            ProcessHandle.of(Long.parseLong(child)).ifPresent(ProcessHandle::destroyForcibly);
        }
    }
}
