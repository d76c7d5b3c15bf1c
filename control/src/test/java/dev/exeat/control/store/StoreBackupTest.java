package dev.exeat.control.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.exeat.control.store.StoreException.Kind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class StoreBackupTest {
    private static final Instant NOW = Instant.parse("2026-11-27T10:00:00Z");
    private static final Scope RULES = new Scope("config.istio.io", "rules", "x");

    @TempDir
    Path directory;

    private Path file;
    private Path backup;

    @BeforeEach
    void files() {
        file = directory.resolve("store.db");
        backup = directory.resolve("backup.db");
    }

    private static StoreKey rule(String name) {
        return new StoreKey("config.istio.io", "rules", "x", name);
    }

    private static ObjectNode body(String text) {
        return JsonMapper.shared().createObjectNode().put("text", text);
    }

    private static void assertFails(Kind kind, String says, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.kind()).isEqualTo(kind))
                .hasMessageContaining(says);
    }

    @Test
    void a_backup_is_a_store_that_its_owner_alone_can_read() throws Exception {
        try (ObjectStore store = ObjectStore.open(file)) {
            store.create(rule("a"), body("one"));

            StoreBackup.Content content = StoreBackup.backUp(file, backup);

            store.update(rule("a"), body("two"), 0);
            assertThat(content).isEqualTo(new StoreBackup.Content(1, 1));
        }
        try (ObjectStore copy = ObjectStore.open(backup)) {
            assertThat(copy.get(rule("a")).body().at("/text").asString()).isEqualTo("one");
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(backup)))
                .isEqualTo("rw-------");
    }

    @Test
    void a_backup_is_of_one_moment_whatever_is_written_meanwhile() throws Exception {
        try (ObjectStore store = ObjectStore.open(file)) {
            store.create(rule("first"), body("0"));
            store.create(rule("second"), body("0"));
            AtomicBoolean over = new AtomicBoolean();
            Thread writer = Thread.ofPlatform().start(() -> {
                for (int i = 1; !over.get(); i++) {
                    store.update(rule("first"), body("" + i), 0);
                    store.update(rule("second"), body("" + i), 0);
                }
            });
            for (int i = 0; i < 5; i++) {
                Path copy = directory.resolve("backup" + i);
                StoreBackup.Content content = StoreBackup.backUp(file, copy);
                try (ObjectStore copied = ObjectStore.open(copy)) {
                    int first = copied.get(rule("first")).body().at("/text").asInt(-1);
                    int second = copied.get(rule("second")).body().at("/text").asInt(-1);
                    assertThat(first - second).isBetween(0, 1);
                    assertThat(content.resourceVersion()).isEqualTo(2 + first + second);
                }
            }
            over.set(true);
            writer.join();
        }
    }

    @Test
    void nothing_is_overwritten_and_nothing_half_made_is_left() throws Exception {
        ObjectStore.open(file).close();
        Files.writeString(backup, "precious");

        assertFails(Kind.EXISTS, "not overwritten", () -> StoreBackup.backUp(file, backup));
        assertThat(backup).hasContent("precious");
        assertFails(
                Kind.MISSING, "no store", () -> StoreBackup.backUp(directory.resolve("none"), directory.resolve("b")));
        Path garbage = Files.writeString(directory.resolve("garbage"), "no database".repeat(500));
        assertFails(Kind.FAILED, "cannot be written", () -> StoreBackup.backUp(garbage, directory.resolve("b")));
        assertThat(directory.resolve("b")).doesNotExist();
    }

    @Test
    void a_restored_store_has_what_the_backup_had_and_every_watch_lists_again() throws Exception {
        try (ObjectStore store = ObjectStore.open(file)) {
            store.create(rule("a"), body("one"));
            StoreBackup.backUp(file, backup);
            store.delete(rule("a"), 0);
            store.create(rule("b"), body("two"));
        }

        Path kept = StoreBackup.restore(backup, file, NOW);

        try (ObjectStore restored = ObjectStore.open(file)) {
            assertThat(restored.get(rule("a")).resourceVersion()).isEqualTo(1);
            assertThat(restored.find(rule("b"))).isNull();
            assertThat(restored.resourceVersion()).isEqualTo(3 + StoreBackup.AHEAD);
            for (long known = 1; known <= 4; known++) {
                long version = known;
                assertFails(Kind.EXPIRED, "too old", () -> restored.watch(RULES, version));
            }
            long next = restored.resourceVersion();
            restored.create(rule("c"), body("three"));
            try (ObjectWatch watch = restored.watch(RULES, next)) {
                assertThat(watch.next(Duration.ZERO).object().key()).isEqualTo(rule("c"));
            }
        }
        assertThat(kept).hasFileName("store.db.replaced-20261127T100000Z");
        try (ObjectStore old = ObjectStore.open(kept)) {
            assertThat(old.get(rule("b")).body().at("/text").asString()).isEqualTo("two");
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        try (Stream<Path> left = Files.list(directory)) {
            assertThat(left.map(path -> path.getFileName().toString())).noneMatch(name -> name.contains("restoring"));
        }
    }

    @Test
    void a_damaged_store_is_set_aside() throws Exception {
        try (ObjectStore store = ObjectStore.open(file)) {
            store.create(rule("a"), body("one"));
            StoreBackup.backUp(file, backup);
        }
        Files.writeString(file, "no database".repeat(500));

        Path kept = StoreBackup.restore(backup, file, NOW);

        assertThat(kept).content().startsWith("no database");
        try (ObjectStore restored = ObjectStore.open(file)) {
            assertThat(restored.find(rule("a"))).isNotNull();
        }
    }

    @Test
    void what_is_no_good_backup_replaces_nothing() throws Exception {
        try (ObjectStore store = ObjectStore.open(file)) {
            for (int i = 0; i < 200; i++) {
                store.create(rule("a" + i), body("one".repeat(100)));
            }
        }
        byte[] before = Files.readAllBytes(file);
        StoreBackup.backUp(file, backup);
        Path damaged = Files.copy(backup, directory.resolve("damaged"));
        byte[] half = Files.readAllBytes(damaged);
        java.util.Arrays.fill(half, 8_192, half.length, (byte) 7);
        Files.write(damaged, half, StandardOpenOption.TRUNCATE_EXISTING);
        Path later = Files.copy(backup, directory.resolve("later"));
        try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + later);
                Statement statement = other.createStatement()) {
            statement.execute("PRAGMA user_version = 99");
        }
        Path empty = Files.createFile(directory.resolve("empty"));

        assertFails(Kind.FAILED, "damaged", () -> StoreBackup.restore(damaged, file, NOW));
        assertFails(Kind.FAILED, "later version", () -> StoreBackup.restore(later, file, NOW));
        assertFails(Kind.FAILED, "no store", () -> StoreBackup.restore(empty, file, NOW));
        assertFails(Kind.MISSING, "no file", () -> StoreBackup.restore(directory.resolve("none"), file, NOW));
        assertThat(file).hasBinaryContent(before);
    }
}
