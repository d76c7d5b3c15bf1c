package dev.exeat.control.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.exeat.control.store.StoreException.Kind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class ObjectStoreTest {
    private static final Duration SOON = Duration.ofSeconds(5);
    private static final Duration NOW = Duration.ZERO;
    private static final int KEPT = 20;
    private static final Scope RULES = new Scope("config.istio.io", "rules", "");

    @TempDir
    Path directory;

    private Path file;
    private ObjectStore store;

    @BeforeEach
    void open() {
        file = directory.resolve("store.db");
        store = ObjectStore.open(file, KEPT);
    }

    @AfterEach
    void close() {
        store.close();
    }

    private static StoreKey rule(String namespace, String name) {
        return new StoreKey("config.istio.io", "rules", namespace, name);
    }

    private static ObjectNode body(String text) {
        ObjectNode body = JsonMapper.shared().createObjectNode();
        body.putObject("metadata").put("name", text);
        return body.put("text", text);
    }

    private void reopen() {
        store.close();
        store = ObjectStore.open(file, KEPT);
    }

    private static void assertFails(Kind kind, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.kind()).isEqualTo(kind));
    }

    private static List<String> names(Listing listing) {
        return listing.objects().stream().map(object -> object.key().name()).toList();
    }

    @Test
    void what_is_written_has_a_version_that_rises_and_is_there_after_a_restart() {
        StoredObject a = store.create(rule("x", "a"), body("one"));
        StoredObject b = store.create(rule("x", "b"), body("two"));
        StoredObject c = store.update(rule("x", "a"), body("three"), a.resourceVersion());
        store.delete(rule("x", "b"), 0);

        assertThat(List.of(a.resourceVersion(), b.resourceVersion(), c.resourceVersion()))
                .containsExactly(1L, 2L, 3L);
        reopen();
        assertThat(store.resourceVersion()).isEqualTo(4);
        assertThat(names(store.list(RULES))).containsExactly("a");
        assertThat(store.get(rule("x", "a")).body().at("/text").asString()).isEqualTo("three");
        assertThat(store.get(rule("x", "a"))
                        .body()
                        .at("/metadata/resourceVersion")
                        .asString())
                .isEqualTo("3");
    }

    @Test
    void a_list_has_its_kind_and_namespace_alone() {
        store.create(rule("b", "two"), body("x"));
        store.create(rule("a", "one"), body("x"));
        store.create(rule("a-b", "three"), body("x"));
        store.create(new StoreKey("config.istio.io", "handlers", "a", "other"), body("x"));
        store.create(new StoreKey("", "rules", "a", "another"), body("x"));

        assertThat(names(store.list(RULES))).containsExactly("one", "three", "two");
        assertThat(names(store.list(new Scope("config.istio.io", "rules", "a"))))
                .containsExactly("one");
        assertThat(store.list(RULES).resourceVersion()).isEqualTo(5);
    }

    @Test
    void what_does_not_fit_changes_nothing() {
        store.create(rule("x", "a"), body("one"));

        assertFails(Kind.EXISTS, () -> store.create(rule("x", "a"), body("two")));
        assertFails(Kind.MISSING, () -> store.update(rule("x", "b"), body("two"), 0));
        assertFails(Kind.MISSING, () -> store.delete(rule("x", "b"), 0));
        assertFails(Kind.CONFLICT, () -> store.update(rule("x", "a"), body("two"), 7));
        assertFails(Kind.CONFLICT, () -> store.delete(rule("x", "a"), 7));
        assertThat(store.resourceVersion()).isEqualTo(1);
        assertThat(store.get(rule("x", "a")).body().at("/text").asString()).isEqualTo("one");
    }

    @Test
    void a_watch_tells_what_has_happened_since_and_what_happens_then() throws Exception {
        store.create(rule("x", "a"), body("one"));
        try (ObjectWatch watch = store.watch(new Scope("config.istio.io", "rules", "x"), 0)) {
            store.update(rule("x", "a"), body("two"), 0);
            store.create(rule("y", "b"), body("elsewhere"));
            store.delete(rule("x", "a"), 0);

            List<Change> seen = new ArrayList<>();
            for (Change change = watch.next(NOW); change != null; change = watch.next(NOW)) {
                seen.add(change);
            }
            assertThat(seen)
                    .extracting(Change::type)
                    .containsExactly(Change.Type.ADDED, Change.Type.MODIFIED, Change.Type.DELETED);
            assertThat(seen.getLast().object().body().at("/text").asString()).isEqualTo("two");
            assertThat(seen.getLast().resourceVersion()).isEqualTo(4);
            assertThat(watch.resourceVersion()).isEqualTo(4);
        }
    }

    @Test
    void a_watch_waits() throws Exception {
        try (ObjectWatch watch = store.watch(RULES, 0);
                ExecutorService other = Executors.newSingleThreadExecutor()) {
            Future<Change> next = other.submit(() -> watch.next(SOON));
            store.create(rule("x", "a"), body("one"));

            assertThat(next.get().object().key()).isEqualTo(rule("x", "a"));
        }
    }

    @Test
    void a_watch_goes_on_after_a_restart_without_a_gap() throws Exception {
        store.create(rule("x", "a"), body("one"));
        long known = store.resourceVersion();
        store.update(rule("x", "a"), body("two"), 0);
        reopen();

        try (ObjectWatch watch = store.watch(RULES, known)) {
            Change change = watch.next(NOW);
            assertThat(change.type()).isEqualTo(Change.Type.MODIFIED);
            assertThat(change.previous().body().at("/text").asString()).isEqualTo("one");
        }
    }

    @Test
    void who_asks_for_changes_that_are_gone_or_to_come_lists_again() {
        for (int i = 0; i <= KEPT; i++) {
            store.create(rule("x", "r" + i), body("x"));
        }
        store.delete(rule("x", "r0"), 0);

        assertFails(Kind.EXPIRED, () -> store.watch(RULES, 0));
        assertFails(Kind.EXPIRED, () -> store.watch(RULES, store.resourceVersion() + 1));
        store.watch(RULES, 2).close();
        reopen();
        assertFails(Kind.EXPIRED, () -> store.watch(RULES, 1));
        store.watch(RULES, 2).close();
    }

    @Test
    void a_reader_that_falls_behind_lists_again_and_holds_nothing() throws Exception {
        try (ObjectWatch watch = store.watch(RULES, 0)) {
            StoredObject one = store.create(rule("x", "a"), body("x"));
            for (int i = 0; i <= ObjectWatch.MOST; i++) {
                watch.offer(new Change(Change.Type.MODIFIED, one, one));
            }

            assertFails(Kind.EXPIRED, () -> watch.next(NOW));
        }
    }

    @Test
    void a_full_disk_fails_the_write_and_loses_nothing() throws Exception {
        store.create(rule("x", "a"), body("one"));
        store.close();
        try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = other.createStatement()) {
            statement.execute(
                    "CREATE TRIGGER full BEFORE INSERT ON change BEGIN SELECT RAISE(ABORT, 'disk is full'); END");
        }
        store = ObjectStore.open(file, KEPT);

        assertFails(Kind.FAILED, () -> store.create(rule("x", "b"), body("two")));
        assertFails(Kind.FAILED, () -> store.update(rule("x", "a"), body("two"), 0));
        assertThat(store.get(rule("x", "a")).body().at("/text").asString()).isEqualTo("one");
        assertThat(store.resourceVersion()).isEqualTo(1);
        reopen();
        assertThat(names(store.list(RULES))).containsExactly("a");
    }

    @Test
    void a_file_of_a_later_program_is_left_alone() throws Exception {
        store.close();
        try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = other.createStatement()) {
            statement.execute("PRAGMA user_version = 99");
        }

        assertThatThrownBy(() -> ObjectStore.open(file))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("later version");
        store = ObjectStore.open(directory.resolve("other.db"));
    }

    @Test
    void what_is_no_store_is_told() throws Exception {
        Path other = directory.resolve("garbage.db");
        Files.writeString(other, "this is no database, however long it goes on".repeat(100));

        assertThatThrownBy(() -> ObjectStore.open(other))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("garbage.db cannot be opened");
    }

    @Test
    void a_file_of_an_earlier_program_is_brought_up_to_date() throws Exception {
        store.create(rule("x", "a"), body("one"));
        store.close();
        StoreTables later = later("ALTER TABLE object ADD COLUMN note TEXT", "UPDATE object SET note = name");

        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file)) {
            later.migrate(connection, file);
            later.migrate(connection, file);
        }

        assertThat(read("SELECT note || ' ' || version FROM object")).isEqualTo("a 1");
        assertThat(read("PRAGMA user_version")).isEqualTo("2");
        assertFails(Kind.FAILED, () -> ObjectStore.open(file));
        store = ObjectStore.open(directory.resolve("other.db"));
    }

    @Test
    void a_file_that_cannot_be_brought_up_to_date_is_left_as_it_was() throws Exception {
        store.create(rule("x", "a"), body("one"));
        store.close();
        StoreTables broken = later("DELETE FROM object", "CREATE TABLE object (again TEXT)");

        assertFails(Kind.FAILED, () -> ObjectStore.open(file, broken, KEPT));

        store = ObjectStore.open(file, KEPT);
        assertThat(names(store.list(RULES))).containsExactly("a");
        assertThat(read("PRAGMA user_version")).isEqualTo("1");
    }

    private static StoreTables later(String... step) {
        return new StoreTables(List.of(StoreTables.CURRENT.steps().getFirst(), List.of(step)));
    }

    private String read(String query) throws Exception {
        try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = other.createStatement();
                java.sql.ResultSet row = statement.executeQuery(query)) {
            return row.getString(1);
        }
    }

    @Test
    void its_owner_alone_can_read_it() throws Exception {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void many_are_written_at_once_each_with_a_version_of_its_own() {
        store.create(rule("a", "old"), body("old"));
        Map<StoreKey, ObjectNode> bodies = new LinkedHashMap<>();
        bodies.put(rule("a", "old"), body("newer"));
        bodies.put(rule("a", "one"), body("one"));
        try (ObjectWatch watch = store.watch(RULES, 1)) {
            store.put(bodies);
            Change replaced = nextOf(watch);
            Change added = nextOf(watch);
            assertThat(replaced.type()).isEqualTo(Change.Type.MODIFIED);
            assertThat(added.type()).isEqualTo(Change.Type.ADDED);
            assertThat(List.of(replaced.resourceVersion(), added.resourceVersion()))
                    .containsExactly(2L, 3L);
        }
        reopen();
        assertThat(store.resourceVersion()).isEqualTo(3);
        assertThat(store.get(rule("a", "old")).body().path("text").asString()).isEqualTo("newer");
        assertThat(store.since(1).orElseThrow()).hasSize(2);
    }

    private static Change nextOf(ObjectWatch watch) {
        try {
            return Objects.requireNonNull(watch.next(SOON));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void of_many_only_those_are_replaced_that_nobody_has_changed() {
        StoredObject one = store.create(rule("a", "one"), body("one"));
        StoredObject two = store.create(rule("a", "two"), body("two"));
        StoredObject gone = store.create(rule("a", "gone"), body("gone"));
        store.update(rule("a", "two"), body("by somebody else"), 0);
        store.delete(rule("a", "gone"), 0);
        var replaced = store.updateUnchanged(Stream.of(one, two, gone)
                .map(was -> new ObjectStore.Replacement(was, body("new")))
                .toList());
        assertThat(replaced).containsOnlyKeys(rule("a", "one"));
        assertThat(store.get(rule("a", "one")).body().path("text").asString()).isEqualTo("new");
        assertThat(store.get(rule("a", "two")).body().path("text").asString()).isEqualTo("by somebody else");
        assertThat(store.find(rule("a", "gone"))).isNull();
    }

    @Test
    void changes_since_a_version_are_told_while_they_are_kept() {
        assertThat(store.since(-1)).isEmpty();
        assertThat(store.since(0)).contains(List.of());
        for (int i = 0; i < KEPT + 5; i++) {
            store.create(rule("a", "n" + i), body("n" + i));
        }
        assertThat(store.since(3)).isEmpty();
        assertThat(store.since(KEPT).orElseThrow())
                .extracting(Change::resourceVersion)
                .containsExactly(21L, 22L, 23L, 24L, 25L);
        assertThat(store.since(KEPT + 6)).isEmpty();
    }

    @Test
    void more_at_once_than_changes_are_kept_leaves_the_last() {
        Map<StoreKey, ObjectNode> bodies = new LinkedHashMap<>();
        for (int i = 0; i < 2 * KEPT; i++) {
            bodies.put(rule("a", "n" + i), body("n" + i));
        }
        store.put(bodies);
        reopen();
        assertThat(store.list(RULES).objects()).hasSize(2 * KEPT);
        assertThat(store.since(KEPT).orElseThrow()).hasSize(KEPT);
        assertThat(store.since(KEPT - 1)).isEmpty();
    }

    @Test
    void many_writers_get_versions_of_their_own() throws Exception {
        try (ExecutorService writers = Executors.newFixedThreadPool(8)) {
            List<Future<Long>> versions = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                String name = "r" + i;
                versions.add(writers.submit(
                        () -> store.create(rule("x", name), body(name)).resourceVersion()));
            }
            List<Long> seen = new ArrayList<>();
            for (Future<Long> written : versions) {
                seen.add(written.get());
            }
            assertThat(seen).doesNotHaveDuplicates().hasSize(200);
            assertThat(store.resourceVersion()).isEqualTo(200);
        }
    }
}
