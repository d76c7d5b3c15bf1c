package dev.exeat.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class DataDirectoryTest {
    @TempDir
    Path temp;

    @Test
    void makes_a_directory_that_only_its_owner_may_enter() throws IOException {
        try (DataDirectory data = DataDirectory.open(temp.resolve("a/b"), "exeat up")) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data.path())))
                    .isEqualTo("rwx------");
            assertThat(data.bundleFile()).isEqualTo(temp.resolve("a/b/bundle.pem"));
            assertThat(data.readyFile()).isEqualTo(temp.resolve("a/b/ready.json"));
        }
    }

    @Test
    void closes_a_directory_that_others_could_read() throws IOException {
        Path open = Files.createDirectory(temp.resolve("open"));
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxr-xr-x"));

        try (DataDirectory data = DataDirectory.open(open, "exeat up")) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data.path())))
                    .isEqualTo("rwx------");
        }
    }

    @Test
    void is_held_once_within_a_process_and_can_be_taken_again() {
        try (DataDirectory first = DataDirectory.open(temp, "exeat up")) {
            assertThatThrownBy(() -> DataDirectory.open(first.path(), "exeat up"))
                    .isInstanceOf(DataDirectoryException.class)
                    .hasMessageContaining(
                            "in use by process " + ProcessHandle.current().pid())
                    .hasMessageContaining("--data-dir");
        }

        DataDirectory.open(temp, "exeat up").close();
    }

    @Test
    @Timeout(60)
    void says_which_other_process_holds_it() throws IOException, InterruptedException {
        Process holder = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Holder.class.getName(),
                        temp.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader out = holder.inputReader(StandardCharsets.UTF_8)) {
            assertThat(out.readLine()).isEqualTo("held");

            assertThatThrownBy(() -> DataDirectory.open(temp, "exeat up"))
                    .isInstanceOf(DataDirectoryException.class)
                    .hasMessageContaining("in use by process " + holder.pid() + ", running since 20")
                    .hasMessageContaining("exeat up --tunnel 127.0.0.1:1");
        } finally {
            holder.destroyForcibly().waitFor();
        }

        // A process that was killed holds nothing.
        DataDirectory.open(temp, "exeat up").close();
    }

    @Test
    void says_what_is_wrong_with_a_path_that_is_no_directory() throws IOException {
        Path file = Files.createFile(temp.resolve("file"));

        assertThatThrownBy(() -> DataDirectory.open(file, "exeat up"))
                .isInstanceOf(DataDirectoryException.class)
                .hasMessageContaining(file.toString());
    }

    /** A process that holds the directory until it is killed. */
    static final class Holder {
        private Holder() {}

        public static void main(String[] args) throws IOException {
            DataDirectory data = DataDirectory.open(Path.of(args[0]), "exeat up --tunnel 127.0.0.1:1");
            System.out.println("held");
            System.in.read();
            data.close();
        }
    }
}
