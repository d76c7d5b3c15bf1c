package dev.exeat.control.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A writer in a process of its own is killed at random, and what it said to be written is there. */
class StoreCrashTest {
    private static final int ROUNDS = Integer.getInteger("exeat.store.rounds", 5);
    private static final int NAMES = 50;
    private static final int MOST_BEFORE_KILL = 400;

    @TempDir
    Path directory;

    /** The process: writes until it is killed, and says of each write what it was once it is done. */
    static final class Writer {
        private Writer() {}

        public static void main(String[] arguments) {
            PrintStream said = System.out;
            Random random = new Random(Long.parseLong(arguments[1]));
            try (ObjectStore store = ObjectStore.open(Path.of(arguments[0]))) {
                while (true) {
                    StoreKey key = key(random.nextInt(NAMES));
                    String text = Long.toString(random.nextLong(), 36);
                    StoredObject known = store.find(key);
                    if (known == null) {
                        said.println("put " + key.name() + " " + text + " "
                                + store.create(key, body(text)).resourceVersion());
                    } else if (random.nextInt(4) == 0) {
                        said.println("del " + key.name() + " - "
                                + store.delete(key, 0).resourceVersion());
                    } else {
                        said.println("put " + key.name() + " " + text + " "
                                + store.update(key, body(text), 0).resourceVersion());
                    }
                }
            }
        }
    }

    private static StoreKey key(int number) {
        return new StoreKey("config.istio.io", "rules", "x", "r" + number);
    }

    private static ObjectNode body(String text) {
        return JsonMapper.shared().createObjectNode().put("text", text);
    }

    @Test
    void nothing_that_was_acknowledged_is_lost_and_no_version_goes_back() throws Exception {
        Path file = directory.resolve("store.db");
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        long version = 0;
        for (int round = 0; round < ROUNDS; round++) {
            List<String> said = killed(file, random);
            assertThat(said).as("seed " + seed + ", round " + round).isNotEmpty();
            try (ObjectStore store = ObjectStore.open(file)) {
                String where = "seed " + seed + ", round " + round;
                Map<String, String> acknowledged = new TreeMap<>();
                for (String line : said) {
                    String[] words = line.split(" ");
                    long next = Long.parseLong(words[3]);
                    assertThat(next).as(where).isGreaterThan(version);
                    version = next;
                    acknowledged.put(words[1], words[0].equals("del") ? "" : words[2]);
                }
                assertHolds(store, acknowledged, version, where);
                version = store.resourceVersion();
            }
        }
    }

    /** One write may be on the disk that was not acknowledged any more: the last. */
    private static void assertHolds(ObjectStore store, Map<String, String> acknowledged, long version, String where)
            throws InterruptedException {
        assertThat(store.resourceVersion()).as(where).isBetween(version, version + 1);
        String unsaid = "";
        if (store.resourceVersion() > version) {
            try (ObjectWatch watch = store.watch(new Scope("config.istio.io", "rules", "x"), version)) {
                unsaid = watch.next(Duration.ZERO).object().key().name();
            }
        }
        for (Map.Entry<String, String> entry : acknowledged.entrySet()) {
            if (!entry.getKey().equals(unsaid)) {
                StoredObject found = store.find(new StoreKey("config.istio.io", "rules", "x", entry.getKey()));
                assertThat(found == null ? "" : found.body().path("text").asString())
                        .as(where)
                        .isEqualTo(entry.getValue());
            }
        }
    }

    private static List<String> killed(Path file, Random random) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Writer.class.getName(),
                        file.toString(),
                        Long.toString(random.nextLong()))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        List<String> said = new ArrayList<>();
        int writes = 1 + random.nextInt(MOST_BEFORE_KILL);
        try (BufferedReader lines = process.inputReader()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.chars().filter(c -> c == ' ').count() == 3) {
                    said.add(line);
                }
                if (said.size() == writes) {
                    process.toHandle().destroyForcibly(); // Leaves open what it had said.
                }
            }
        } finally {
            process.destroyForcibly().waitFor();
        }
        return said;
    }
}
