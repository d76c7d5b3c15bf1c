package dev.exeat.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class InotifyTest {
    private static final Duration SOON = Duration.ofSeconds(5);

    @TempDir
    private Path directory;

    private List<Inotify.Change> changesOf(Inotify inotify, int atLeast) {
        List<Inotify.Change> changes = new ArrayList<>();
        await().atMost(SOON).until(() -> {
            changes.addAll(inotify.await(Duration.ofMillis(20)));
            return changes.size() >= atLeast;
        });
        return changes;
    }

    private Inotify.Change change(String name, Inotify.Kind kind) {
        return new Inotify.Change(directory, name, kind);
    }

    @Test
    void a_file_is_told_when_it_is_closed_and_not_before() throws Exception {
        try (Inotify inotify = Inotify.open()) {
            inotify.watch(directory);
            try (OutputStream file = Files.newOutputStream(directory.resolve("policy.yaml"))) {
                file.write(1);
                file.flush();
                assertThat(inotify.await(Duration.ofMillis(50)))
                        .extracting(Inotify.Change::kind)
                        .doesNotContain(Inotify.Kind.WRITTEN);
            }

            assertThat(changesOf(inotify, 1)).contains(change("policy.yaml", Inotify.Kind.WRITTEN));
        }
    }

    @Test
    void moves_and_removals_are_told_by_name() throws Exception {
        Files.writeString(directory.resolve("a"), "a");
        try (Inotify inotify = Inotify.open()) {
            inotify.watch(directory);
            Files.move(directory.resolve("a"), directory.resolve("b"), StandardCopyOption.ATOMIC_MOVE);
            Files.delete(directory.resolve("b"));

            assertThat(changesOf(inotify, 3))
                    .containsExactly(
                            change("a", Inotify.Kind.REMOVED),
                            change("b", Inotify.Kind.WRITTEN),
                            change("b", Inotify.Kind.REMOVED));
        }
    }

    @Test
    void the_swap_of_a_link_is_told_as_kubernetes_mounts_do_it() throws Exception {
        Files.createDirectory(directory.resolve("v2"));
        try (Inotify inotify = Inotify.open()) {
            inotify.watch(directory);
            Files.createSymbolicLink(directory.resolve("..data_tmp"), Path.of("v2"));
            Files.move(directory.resolve("..data_tmp"), directory.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);

            assertThat(changesOf(inotify, 3)).contains(change("..data", Inotify.Kind.WRITTEN));
        }
    }

    @Test
    void closing_ends_a_wait_and_leaves_no_descriptor() throws Exception {
        long before = inotifyDescriptors();
        Inotify inotify = Inotify.open();
        inotify.watch(directory);
        CompletableFuture<List<Inotify.Change>> waited =
                CompletableFuture.supplyAsync(() -> inotify.await(Duration.ofMinutes(5)));
        inotify.close();

        assertThat(waited.get(5, TimeUnit.SECONDS)).isEmpty();
        assertThat(inotify.await(Duration.ofMinutes(5))).isEmpty();
        assertThat(inotify.isClosed()).isTrue();
        assertThat(inotifyDescriptors()).isEqualTo(before);
        assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> inotify.watch(directory));
    }

    @Test
    void a_directory_that_is_not_there_is_an_error_that_names_it() {
        try (Inotify inotify = Inotify.open()) {
            assertThatExceptionOfType(IllegalStateException.class)
                    .isThrownBy(() -> inotify.watch(directory.resolve("missing")))
                    .withMessageContaining("missing");
        }
    }

    private static long inotifyDescriptors() throws Exception {
        long count = 0;
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            for (Path fd : open.toList()) {
                // One that was closed meanwhile has no link any more.
                if (Files.isSymbolicLink(fd)
                        && Files.readSymbolicLink(fd).toString().matches("anon_inode:\\[?(inotify|eventfd)]?")) {
                    count++;
                }
            }
        }
        return count;
    }
}
