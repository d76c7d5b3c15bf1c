package dev.exeat.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code exeat up} is killed at random under writers, again and again, while a watch goes on from where it was cut: nothing
 * that was acknowledged is lost, no version goes back, and the watch has each change once. {@code -Dexeat.api.rounds=100}
 * takes longer.
 */
class ApiCrashIT {
    private static final int ROUNDS = Integer.getInteger("exeat.api.rounds", 4);
    private static final int WRITERS = 4;
    private static final int NAMES = 10;
    private static final int MOST_BEFORE_KILL = 400;
    private static final Duration SOON = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    private final long seed = Long.getLong("exeat.api.seed", new Random().nextLong());
    private final Map<Integer, Writer> writers = new TreeMap<>();
    private final ConcurrentSkipListSet<Long> acknowledged = new ConcurrentSkipListSet<>();
    /** What the watch has told, by version: the event's type, name and host. */
    private final ConcurrentSkipListMap<Long, Event> told = new ConcurrentSkipListMap<>();

    private final AtomicLong seen = new AtomicLong();
    private final AtomicInteger writes = new AtomicInteger();
    private final AtomicReference<Throwable> fault = new AtomicReference<>();

    private record Event(String type, String name, String host) {}

    private Program.Running up() {
        return Program.start(
                "up",
                "--data-dir",
                directory.toString(),
                "--tunnel",
                "127.0.0.1:0",
                "--api",
                "127.0.0.1:0",
                "--admin",
                "127.0.0.1:0");
    }

    /** Knows what each of its objects is, but for the one write that a kill may have cut off. */
    private final class Writer {
        private final int number;
        private final Random random;
        private final Map<String, String> known = new TreeMap<>();
        private String pendingName = "";
        private String pendingHost = "";

        Writer(int number) {
            this.number = number;
            this.random = new Random(seed + number);
        }

        /** A cut write was done or was not. */
        void settle(ApiConnection api) throws IOException, InterruptedException {
            if (pendingName.isEmpty()) {
                return;
            }
            String now = host(api.get(ApiConnection.HOST_SETS + "/" + pendingName));
            assertThat(now).as(pendingName).isIn(known.getOrDefault(pendingName, ""), pendingHost);
            known.put(pendingName, now);
            pendingName = "";
        }

        void writeUntilCut(ApiConnection api) {
            try {
                while (true) {
                    pendingHost = "h" + random.nextInt(1 << 30) + ".test";
                    String name = "w" + number + "-" + random.nextInt(NAMES);
                    boolean there = !known.getOrDefault(name, "").isEmpty();
                    boolean delete = there && random.nextInt(4) == 0;
                    pendingHost = delete ? "" : pendingHost;
                    pendingName = name;
                    ApiConnection.Answer answer = write(api, name, there, delete);
                    if (answer.code() >= 300) {
                        throw new AssertionError(name + ": " + answer);
                    }
                    if (!delete) {
                        acknowledged.add(answer.version());
                    }
                    known.put(name, pendingHost);
                    pendingName = "";
                    writes.incrementAndGet();
                }
            } catch (IOException e) {
                // The server was killed.
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (RuntimeException | AssertionError e) {
                fault.compareAndSet(null, e);
            }
        }

        private ApiConnection.Answer write(ApiConnection api, String name, boolean there, boolean delete)
                throws IOException, InterruptedException {
            String path = ApiConnection.HOST_SETS + "/" + name;
            if (delete) {
                return api.send("DELETE", path, "");
            }
            String object = ApiConnection.hostSet(name, pendingHost);
            // A PUT would have to name the version, which the server's own status writes change at any time.
            return there ? api.send("PATCH", path, object) : api.send("POST", ApiConnection.HOST_SETS, object);
        }
    }

    private static String host(ApiConnection.Answer answer) {
        return answer.code() == 404 ? "" : answer.body().at("/spec/hosts/0").asString("");
    }

    private void follow(ApiConnection api) {
        try (Stream<String> lines = api.watch(ApiConnection.HOST_SETS + "?watch=true&resourceVersion=" + seen.get())) {
            lines.forEach(this::take);
        } catch (IOException | UncheckedIOException e) {
            // The server was killed.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | AssertionError e) {
            fault.compareAndSet(null, e);
        }
    }

    private void take(String line) {
        JsonNode event = JsonMapper.shared().readTree(line);
        JsonNode object = event.path("object");
        long version = object.at("/metadata/resourceVersion").asLong(0);
        assertThat(version).as(line).isGreaterThan(seen.get());
        told.put(
                version,
                new Event(
                        event.path("type").asString(""),
                        object.at("/metadata/name").asString(""),
                        object.at("/spec/hosts/0").asString("")));
        seen.set(version);
    }

    @Test
    void no_acknowledged_write_is_lost_and_a_watch_goes_on_without_a_gap() throws Exception {
        for (int number = 0; number < WRITERS; number++) {
            writers.put(number, new Writer(number));
        }
        Random random = new Random(seed);
        long started = System.nanoTime();
        for (int round = 0; round < ROUNDS; round++) {
            round(random.nextInt(1, MOST_BEFORE_KILL));
            assertThat(fault.get()).as("seed " + seed + ", round " + round).isNull();
        }
        try (Program.Running _ = up();
                ApiConnection api = ApiConnection.of(directory)) {
            assertWhole(api);
        }
        System.out.printf(
                "ApiCrashIT: %d kills, %d writes acknowledged, %d events of the watch, none lost, none twice, %d s, seed %d%n",
                ROUNDS, writes.get(), told.size(), (System.nanoTime() - started) / 1_000_000_000, seed);
    }

    private void round(int before) throws Exception {
        try (Program.Running up = up();
                ApiConnection api = ApiConnection.of(directory)) {
            ApiConnection.Answer list = api.get(ApiConnection.HOST_SETS);
            long least = acknowledged.isEmpty() ? 0 : acknowledged.last();
            assertThat(list.version()).as("seed " + seed).isGreaterThanOrEqualTo(Math.max(least, seen.get()));
            if (seen.get() == 0) {
                seen.set(list.version());
            }
            List<Thread> threads = new ArrayList<>();
            threads.add(Thread.ofVirtual().start(() -> follow(api)));
            for (Writer writer : writers.values()) {
                writer.settle(api);
            }
            int goal = writes.get() + before;
            for (Writer writer : writers.values()) {
                threads.add(Thread.ofVirtual().start(() -> writer.writeUntilCut(api)));
            }
            await().atMost(SOON)
                    .pollInterval(Duration.ofMillis(2))
                    .until(() -> writes.get() >= goal || fault.get() != null);
            up.process().kill();
            for (Thread thread : threads) {
                thread.join();
            }
        }
    }

    private void assertWhole(ApiConnection api) throws Exception {
        for (Writer writer : writers.values()) {
            writer.settle(api);
        }
        ApiConnection.Answer list = api.get(ApiConnection.HOST_SETS);
        Thread watch = Thread.ofVirtual().start(() -> follow(api));
        Map<String, String> there = new TreeMap<>();
        long last = 0;
        for (JsonNode item : list.body().path("items")) {
            there.put(
                    item.at("/metadata/name").asString(""),
                    item.at("/spec/hosts/0").asString(""));
            last = Math.max(last, item.at("/metadata/resourceVersion").asLong(0));
        }
        long awaited = last;
        await().atMost(SOON).until(() -> seen.get() >= awaited);
        watch.interrupt();
        watch.join();

        Map<String, String> known = new TreeMap<>();
        writers.values().forEach(writer -> known.putAll(writer.known));
        known.values().removeIf(String::isEmpty);
        assertThat(there).as("seed " + seed).isEqualTo(known);
        assertThat(told.keySet()).as("seed " + seed).containsAll(acknowledged);
        Map<String, String> replayed = new TreeMap<>();
        told.values().forEach(event -> {
            String before = event.type().equals("DELETED")
                    ? replayed.remove(event.name())
                    : replayed.put(event.name(), event.host());
            assertThat(before == null)
                    .as(event + ", seed " + seed)
                    .isEqualTo(event.type().equals("ADDED"));
        });
        assertThat(replayed).as("seed " + seed).isEqualTo(there);
    }
}
