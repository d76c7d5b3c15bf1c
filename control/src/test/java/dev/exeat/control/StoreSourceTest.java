package dev.exeat.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.exeat.control.store.ObjectStore;
import dev.exeat.control.store.StoreKey;
import dev.exeat.control.store.StoredObject;
import dev.exeat.model.Resource;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class StoreSourceTest {
    @TempDir
    Path directory;

    private ObjectStore store;
    private StoreSource source;

    @BeforeEach
    void open() {
        store = ObjectStore.open(directory.resolve(ObjectStore.FILE));
        source = new StoreSource(store);
    }

    @AfterEach
    void close() {
        source.close();
        store.close();
    }

    private static StoreKey key(String name) {
        return new StoreKey("exeat.dev", "hostsets", "default", name);
    }

    private static ObjectNode hostSet(String name, String host) {
        return (ObjectNode) JsonMapper.shared().readTree("""
                {"apiVersion": "exeat.dev/v1alpha1", "kind": "HostSet",
                 "metadata": {"name": "%s", "namespace": "default"}, "spec": {"hosts": ["%s"]}}
                """.formatted(name, host));
    }

    @Test
    void a_status_makes_no_other_resources() {
        StoredObject written = store.create(key("one"), hostSet("one", "one.test"));
        ResourceSet before = source.current();
        ObjectNode next = written.body().deepCopy();
        next.putObject("status").put("said", "something");
        store.update(key("one"), next, 0);
        ResourceSet after = source.current();
        assertThat(after.version()).isEqualTo(before.version() + 1);
        assertThat(after.resources()).isSameAs(before.resources());
        assertThat(after.hasSame(before)).isTrue();
    }

    @Test
    void what_did_not_change_stays_the_same_resource() {
        store.create(key("one"), hostSet("one", "one.test"));
        store.create(key("two"), hostSet("two", "two.test"));
        Resource two = source.current().resources().getLast();
        store.update(key("one"), hostSet("one", "other.test"), 0);
        store.create(key("three"), hostSet("three", "three.test"));
        assertThat(source.current().resources())
                .extracting(resource -> resource.key().name())
                .containsExactly("one", "three", "two");
        assertThat(source.current().resources().getLast()).isSameAs(two);
        store.delete(key("two"), 0);
        assertThat(source.current().resources())
                .extracting(resource -> resource.key().name())
                .containsExactly("one", "three");
    }

    @Test
    void an_object_that_cannot_be_read_is_told() {
        ObjectNode deep = hostSet("deep", "deep.test");
        ObjectNode inner = deep;
        for (int i = 0; i < 60; i++) {
            inner = inner.putObject("more");
        }
        store.create(key("deep"), deep);
        store.create(key("odd"), hostSet("odd", "a\u0090b.test"));
        assertThat(source.current().resources()).isEmpty();
        assertThat(source.current().problems())
                .extracting(problem -> problem.code() + " " + problem.place().file())
                .containsExactly(
                        "yaml-depth api:hostsets.exeat.dev/default/deep",
                        "yaml-character api:hostsets.exeat.dev/default/odd");
    }

    /** Names beside each other, some of which cannot be read, come, change and go as the seed has it. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5})
    void change_by_change_it_has_what_a_source_has_that_reads_all(int seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 60; i++) {
            for (int writes = random.nextInt(1, 4); writes > 0; writes--) {
                StoreKey key = key("n" + random.nextInt(12));
                String host = random.nextInt(4) == 0 ? "a\u0090b.test" : "h" + random.nextInt(9) + ".test";
                if (store.find(key) == null) {
                    store.create(key, hostSet(key.name(), host));
                } else if (random.nextInt(3) == 0) {
                    store.delete(key, 0);
                } else {
                    store.update(key, hostSet(key.name(), host), 0);
                }
            }
            ResourceSet followed = source.current();
            try (StoreSource other = new StoreSource(store)) {
                ResourceSet read = other.current();
                assertThat(followed.resources()).isEqualTo(read.resources());
                assertThat(followed.problems()).isEqualTo(read.problems());
                assertThat(followed.version()).isEqualTo(read.version());
            }
        }
    }
}
