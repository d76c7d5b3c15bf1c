package dev.exeat.cli.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PodProcessesTest {
    @TempDir
    private Path lab;

    private Process start(Path pod) throws IOException {
        ProcessBuilder builder = new ProcessBuilder("sh", "-c", "setsid sleep 98711 >/dev/null & echo $!; wait");
        builder.environment().put(PodProcesses.MARK, pod.toString());
        return builder.start();
    }

    /** One that has ended and is not reaped yet has no words any more. */
    private static boolean runs(long pid) {
        Path words = Path.of("/proc", Long.toString(pid), "cmdline");
        try {
            return !Files.readString(words).isEmpty();
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void ends_those_of_the_pod_and_of_no_other() throws Exception {
        Process one = start(lab.resolve("default/one"));
        Process other = start(lab.resolve("default/one-more"));
        try {
            long child = Long.parseLong(one.inputReader().readLine());
            other.inputReader().readLine();

            PodProcesses.end(lab.resolve("default/one"));

            assertThat(one.waitFor(5, TimeUnit.SECONDS)).isTrue();
            assertThat(runs(child)).isFalse();
            assertThat(other.isAlive()).isTrue();

            PodProcesses.end(lab);

            assertThat(other.waitFor(5, TimeUnit.SECONDS)).isTrue();
        } finally {
            PodProcesses.end(lab);
        }
    }
}
