package dev.exeat.control;

import static dev.exeat.control.Manifests.account;
import static dev.exeat.control.Manifests.documents;
import static dev.exeat.control.Manifests.noted;
import static dev.exeat.control.Manifests.replace;
import static dev.exeat.control.Manifests.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.exeat.model.Problem;
import dev.exeat.testkit.Case;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** Real directories, with the watcher that hears of closed files and with the one that must guess. */
@ParameterizedClass
@ValueSource(strings = {"inotify", "portable"})
class DirectorySourceTest {
    private static final Duration SETTLE = Duration.ofMillis(60);

    @Parameter
    String watcher;

    @TempDir
    Path directory;

    private DirectorySource source;

    @BeforeEach
    void start() {
        write(directory.resolve("first.yaml"), account("first"));
        source = open(directory);
    }

    private DirectorySource open(Path... roots) {
        return DirectorySource.open(
                List.of(roots),
                watcher.equals("inotify") ? new InotifyWatcher() : PortableDirectoryWatcher.open(SETTLE));
    }

    @AfterEach
    void stop() {
        source.close();
    }

    private List<String> names() {
        return source.current().resources().stream()
                .map(r -> r.key().name() + r.annotations().getOrDefault("note", ""))
                .sorted()
                .toList();
    }

    private List<String> problems() {
        return source.current().problems().stream().map(Problem::code).toList();
    }

    private void awaitNames(String... expected) {
        await().pollInterval(Duration.ofMillis(2))
                .untilAsserted(() -> assertThat(names()).containsExactly(expected));
    }

    private void awaitProblems(String... codes) {
        await().pollInterval(Duration.ofMillis(2))
                .untilAsserted(() -> assertThat(problems()).containsExactly(codes));
    }

    @Test
    void reads_what_is_there_at_the_start_in_directories_below_too() throws IOException {
        source.close();
        Files.createDirectories(directory.resolve("a/b"));
        write(directory.resolve("a/b/deep.yml"), account("deep"));
        write(
                directory.resolve("a/j.json"),
                "{\"apiVersion\":\"v1\",\"kind\":\"ServiceAccount\",\"metadata\":{\"name\":\"json\"}}");
        write(directory.resolve("notes.txt"), "not: [a manifest");
        write(directory.resolve(".hidden.yaml"), account("hidden"));
        Files.createDirectories(directory.resolve(".git"));
        write(directory.resolve(".git/x.yaml"), account("git"));

        source = open(directory);

        assertThat(names()).containsExactly("deep", "first", "json");
        assertThat(problems()).isEmpty();
    }

    @Test
    void follows_new_changed_and_deleted_files() throws IOException {
        write(directory.resolve("second.yaml"), account("second"));
        awaitNames("first", "second");

        write(directory.resolve("second.yaml"), noted("second", "-2"));
        awaitNames("first", "second-2");

        Files.delete(directory.resolve("first.yaml"));
        awaitNames("second-2");
    }

    @Test
    void follows_a_file_that_is_renamed_over() {
        replace(directory.resolve("first.yaml"), noted("first", "-2"));
        awaitNames("first-2");

        replace(directory.resolve("first.yaml"), noted("first", "-3"));
        awaitNames("first-3");
    }

    @Test
    void follows_directories_that_appear_and_go() throws IOException {
        Path below = Files.createDirectory(directory.resolve("below"));
        write(below.resolve("x.yaml"), account("x"));
        awaitNames("first", "x");

        write(below.resolve("x.yaml"), noted("x", "-2"));
        awaitNames("first", "x-2");

        Files.delete(below.resolve("x.yaml"));
        Files.delete(below);
        awaitNames("first");
    }

    @Test
    void tells_its_listeners_after_the_set_has_changed() {
        List<List<String>> told = new CopyOnWriteArrayList<>();
        source.onChange(() -> told.add(names()));

        write(directory.resolve("second.yaml"), account("second"));

        await().until(() -> told.contains(List.of("first", "second")));
    }

    @Test
    @Case("M07")
    void never_takes_half_a_file() throws IOException {
        AtomicInteger halves = new AtomicInteger();
        source.onChange(() -> halves.addAndGet(names().contains("half") ? 1 : 0));
        Path file = directory.resolve("slow.yaml");
        try (OutputStream out = Files.newOutputStream(file)) {
            // Both halves are valid manifests; the first alone would lack an object.
            out.write(account("half").getBytes(StandardCharsets.UTF_8));
            out.flush();
            write(directory.resolve("other.yaml"), account("other"));
            if (watcher.equals("inotify")) {
                awaitNames("first", "other");
                source.refresh();
                assertThat(names()).containsExactly("first", "other");
            }
            out.write(("  annotations: {note: \"-whole\"}\n---\n" + account("rest")).getBytes(StandardCharsets.UTF_8));
        }

        awaitNames("first", "half-whole", "other", "rest");
        assertThat(halves).hasValue(0);
    }

    @Test
    void leaves_the_last_good_content_in_force_while_a_file_is_rewritten() throws IOException {
        assumeTrue(watcher.equals("inotify"));
        Path file = directory.resolve("first.yaml");
        try (OutputStream out = Files.newOutputStream(file)) {
            // The file is empty now; another change and a reload make the source look at everything.
            write(directory.resolve("other.yaml"), account("other"));
            awaitNames("first", "other");
            source.refresh();
            assertThat(names()).containsExactly("first", "other");
            out.write(noted("first", "-2").getBytes(StandardCharsets.UTF_8));
        }

        awaitNames("first-2", "other");
    }

    @Test
    void a_broken_file_leaves_its_last_good_objects_in_force() {
        Path file = directory.resolve("two.yaml");
        write(file, documents(account("a"), account("b")));
        awaitNames("a", "b", "first");

        write(file, documents(noted("a", "-2"), "kind: [\n"));
        awaitNames("a-2", "b", "first");
        assertThat(problems()).containsExactly("yaml-syntax");

        write(file, noted("a", "-3"));
        awaitNames("a-3", "first");
        assertThat(problems()).isEmpty();
    }

    @Test
    void tells_all_errors_of_all_files_with_their_places() {
        write(directory.resolve("x.yaml"), "a: [\n---\nkind: rule\n");
        write(directory.resolve("y.yaml"), "\tb: c\n");

        await().untilAsserted(() -> assertThat(source.current().problems())
                .extracting(p -> p.place().toString())
                .containsExactly(
                        directory.resolve("x.yaml") + ":2:1",
                        directory.resolve("x.yaml") + ":3:1",
                        directory.resolve("x.yaml") + ":3:1",
                        directory.resolve("y.yaml") + ":1:1"));
        assertThat(names()).containsExactly("first");
    }

    @Test
    void a_mounted_config_map_is_swapped_as_a_whole() throws IOException {
        Path mount = Files.createDirectory(directory.resolve("mount"));
        Path v1 = Files.createDirectory(mount.resolve("..2026_01"));
        write(v1.resolve("a.yaml"), noted("a", "-1"));
        write(v1.resolve("b.yaml"), noted("b", "-1"));
        Files.createSymbolicLink(mount.resolve("..data"), Path.of("..2026_01"));
        Files.createSymbolicLink(mount.resolve("a.yaml"), Path.of("..data/a.yaml"));
        Files.createSymbolicLink(mount.resolve("b.yaml"), Path.of("..data/b.yaml"));
        awaitNames("a-1", "b-1", "first");
        List<List<String>> seen = new CopyOnWriteArrayList<>();
        source.onChange(() -> seen.add(names()));

        Path v2 = Files.createDirectory(mount.resolve("..2026_02"));
        write(v2.resolve("a.yaml"), noted("a", "-2"));
        write(v2.resolve("b.yaml"), noted("b", "-2"));
        Files.createSymbolicLink(mount.resolve("..data_tmp"), Path.of("..2026_02"));
        Files.move(mount.resolve("..data_tmp"), mount.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
        Files.delete(v1.resolve("a.yaml"));
        Files.delete(v1.resolve("b.yaml"));
        Files.delete(v1);

        awaitNames("a-2", "b-2", "first");
        await().untilAsserted(() -> assertThat(seen).containsOnly(List.of("a-2", "b-2", "first")));
    }

    @Test
    void an_object_in_two_files_lasts_until_both_are_gone() throws IOException {
        write(directory.resolve("p.yaml"), documents(account("shared"), account("p")));
        write(directory.resolve("q.yaml"), "# the same, elsewhere\n" + documents(account("q"), account("shared")));
        awaitNames("first", "p", "q", "shared");
        assertThat(problems()).isEmpty();

        Files.delete(directory.resolve("p.yaml"));
        awaitNames("first", "q", "shared");

        Files.delete(directory.resolve("q.yaml"));
        awaitNames("first");
    }

    @Test
    void of_two_versions_the_one_in_the_later_file_wins_with_a_warning() {
        write(directory.resolve("z.yaml"), noted("x", "-late"));
        write(directory.resolve("a.yaml"), noted("x", "-early"));
        awaitProblems("object-twice");

        assertThat(names()).containsExactly("first", "x-late");
        Problem warning = source.current().problems().getFirst();
        assertThat(warning.isError()).isFalse();
        assertThat(warning.toString())
                .contains(directory.resolve("z.yaml") + ":1:1")
                .contains(directory.resolve("a.yaml") + ":1:1");
    }

    @Test
    void the_later_root_wins_whatever_the_names(@TempDir Path other) {
        write(directory.resolve("z.yaml"), noted("x", "-first-root"));
        write(other.resolve("a.yaml"), noted("x", "-second-root"));
        source.close();

        source = open(directory, other);

        assertThat(names()).containsExactly("first", "x-second-root");
    }

    @Test
    void a_root_may_be_a_file() throws IOException {
        source.close();
        source = open(directory.resolve("first.yaml"));
        assertThat(names()).containsExactly("first");

        replace(directory.resolve("first.yaml"), noted("first", "-2"));
        awaitNames("first-2");

        Files.delete(directory.resolve("first.yaml"));
        awaitNames();
        assertThat(problems()).containsExactly("manifests-missing");
    }

    @Test
    void a_missing_root_is_told_and_costs_nothing_else() {
        source.close();
        source = open(directory, directory.resolve("nowhere"));

        assertThat(names()).containsExactly("first");
        assertThat(source.current().problems())
                .singleElement()
                .satisfies(p -> assertThat(p.toString())
                        .startsWith(directory.resolve("nowhere")
                                + ": error: the directory or file of manifests cannot be read"));
    }

    @Test
    void what_was_read_stays_when_the_whole_directory_goes_away() throws IOException {
        Path root = Files.createDirectory(directory.resolve("root"));
        write(root.resolve("x.yaml"), account("x"));
        source.close();
        source = open(root);
        assertThat(names()).containsExactly("x");

        Files.move(root, directory.resolve("elsewhere"));
        source.refresh();

        assertThat(names()).containsExactly("x");
        assertThat(problems()).containsExactly("manifests-missing");
    }

    @Test
    void a_root_is_read_when_it_appears_and_when_its_link_leads_elsewhere() throws IOException {
        Path one = Files.createDirectory(directory.resolve("one"));
        Path two = Files.createDirectory(directory.resolve("two"));
        write(one.resolve("x.yaml"), noted("x", "-1"));
        write(two.resolve("x.yaml"), noted("x", "-2"));
        Path link = directory.resolve("link");
        source.close();
        source = open(link);
        assertThat(problems()).containsExactly("manifests-missing");

        Files.createSymbolicLink(link, one);
        awaitNames("x-1");
        assertThat(problems()).isEmpty();

        Path next = Files.createSymbolicLink(directory.resolve("next"), two);
        Files.move(next, link, StandardCopyOption.ATOMIC_MOVE);
        awaitNames("x-2");
    }

    @Test
    void links_that_form_a_circle_end() throws IOException {
        Path loop = Files.createDirectory(directory.resolve("loop"));
        Files.createSymbolicLink(loop.resolve("again"), directory);

        awaitProblems("manifests-depth");
        assertThat(names()).containsExactly("first");
    }
}
