package dev.exeat.control.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class EventExpiryTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

    @TempDir
    Path directory;

    private ObjectStore store;
    private EventExpiry expiry;

    @BeforeEach
    void open() {
        store = ObjectStore.open(directory.resolve(ObjectStore.FILE));
        expiry = new EventExpiry(store, () -> NOW);
    }

    @AfterEach
    void close() {
        expiry.close();
        store.close();
    }

    private static ObjectNode made(Duration ago) {
        ObjectNode event = JsonMapper.shared().createObjectNode();
        event.putObject("metadata").put("creationTimestamp", NOW.minus(ago).toString());
        return event;
    }

    private static StoreKey key(String resource, String name) {
        return new StoreKey("", resource, "default", name);
    }

    private Iterable<String> left() {
        return store.all().objects().stream()
                .map(object -> object.key().name())
                .sorted()
                .toList();
    }

    @Test
    void deletes_an_event_an_hour_after_it_happened_last() {
        store.create(key("events", "old"), made(Duration.ofMinutes(61)));
        store.create(key("events", "new"), made(Duration.ofMinutes(59)));
        store.create(
                key("events", "again"),
                made(Duration.ofHours(9))
                        .put("lastTimestamp", NOW.minusSeconds(60).toString()));
        store.create(
                key("events", "future"),
                made(Duration.ofHours(2)).put("eventTime", NOW.plusSeconds(60).toString()));
        store.create(key("events", "odd"), made(Duration.ofMinutes(1)).put("lastTimestamp", "yesterday"));
        store.create(key("configmaps", "other"), made(Duration.ofHours(9)));

        expiry.sweep();

        assertThat(left()).containsExactly("again", "new", "odd", "other");
    }

    @Test
    void deletes_the_oldest_of_too_many() {
        Map<StoreKey, ObjectNode> events = new LinkedHashMap<>();
        for (int i = 0; i < EventExpiry.MOST + 2; i++) {
            events.put(key("events", "e" + i), made(Duration.ofMillis(i)));
        }
        store.put(events);

        expiry.sweep();

        assertThat(left())
                .hasSize(EventExpiry.MOST)
                .doesNotContain("e" + EventExpiry.MOST, "e" + (EventExpiry.MOST + 1))
                .contains("e" + (EventExpiry.MOST - 1));
    }
}
