package dev.exeat.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Many objects and many watchers: what the API tells is whole and in order. How fast it is, {@code ./exeat-faults} measures. */
class ApiScaleIT {
    private static final int OBJECTS = 10_000;
    private static final int WATCHERS = 50;
    private static final int WRITES = 100;
    private static final int PAGE = 1_500;
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir
    private Path directory;

    @Test
    void pages_are_of_one_version_and_each_of_many_watchers_sees_each_change_once_in_order() throws Exception {
        Program.write(directory.resolve("manifests/many.yaml"), many());
        try (Program.Running up = Program.start(
                        "up",
                        "--data-dir",
                        directory.toString(),
                        "--manifests",
                        directory.resolve("manifests").toString(),
                        "--tunnel",
                        "127.0.0.1:0",
                        "--api",
                        "127.0.0.1:0",
                        "--admin",
                        "127.0.0.1:0");
                ApiConnection api = ApiConnection.of(directory)) {
            assertThat(up.ready()).contains("api");
            // Each status is a change, and a page can be asked for while no more than 10,000 have come since the first.
            await().atMost(LIMIT).until(() -> allHaveStatus(api));
            assertPagesOfOneVersion(api);
            assertAllWatchersSeeEachChange(api);
        }
    }

    private static String many() {
        StringBuilder yaml = new StringBuilder();
        for (int i = 0; i < OBJECTS; i++) {
            yaml.append("""
                    ---
                    apiVersion: exeat.dev/v1alpha1
                    kind: HostSet
                    metadata: {name: many-%1$d, namespace: default}
                    spec: {hosts: [many-%1$d.test]}
                    """.formatted(i));
        }
        return yaml.toString();
    }

    private static boolean allHaveStatus(ApiConnection api) throws IOException, InterruptedException {
        int with = 0;
        for (JsonNode item : api.get(ApiConnection.HOST_SETS).body().path("items")) {
            with += item.has("status") ? 1 : 0;
        }
        return with == OBJECTS;
    }

    /** Objects come and go between the pages. */
    private static void assertPagesOfOneVersion(ApiConnection api) throws IOException, InterruptedException {
        List<String> names = new ArrayList<>();
        TreeSet<String> versions = new TreeSet<>();
        String next = "";
        do {
            ApiConnection.Answer answer = api.get(ApiConnection.HOST_SETS + "?limit=" + PAGE + "&continue=" + next);
            assertThat(answer.code()).isEqualTo(200);
            JsonNode page = answer.body();
            page.path("items")
                    .forEach(item -> names.add(item.at("/metadata/name").asString()));
            versions.add(page.at("/metadata/resourceVersion").asString());
            next = page.at("/metadata/continue").asString("");
            String late = "late-" + names.size();
            assertThat(api.send("POST", ApiConnection.HOST_SETS, ApiConnection.hostSet(late, "late.test"))
                            .code())
                    .isEqualTo(201);
        } while (!next.isEmpty());
        assertThat(versions).hasSize(1);
        assertThat(names).hasSize(OBJECTS).doesNotHaveDuplicates().allMatch(name -> name.startsWith("many-"));
        assertThat(names).isSorted();
    }

    private static void assertAllWatchersSeeEachChange(ApiConnection api) throws Exception {
        long since = api.get(ApiConnection.HOST_SETS + "?limit=1").version();
        List<Queue<String>> seen = new ArrayList<>();
        for (int i = 0; i < WATCHERS; i++) {
            Queue<String> names = new ConcurrentLinkedQueue<>();
            seen.add(names);
            Stream<String> lines =
                    api.watch(ApiConnection.HOST_SETS + "?watch=true&timeoutSeconds=60&resourceVersion=" + since);
            Thread.ofVirtual().start(() -> {
                try (lines) {
                    lines.map(line -> JsonMapper.shared().readTree(line))
                            .filter(event -> event.path("type").asString().equals("ADDED"))
                            .forEach(event ->
                                    names.add(event.at("/object/metadata/name").asString()));
                }
            });
        }
        List<String> written = new ArrayList<>();
        for (int i = 0; i < WRITES; i++) {
            written.add("new-" + i);
            assertThat(api.send("POST", ApiConnection.HOST_SETS, ApiConnection.hostSet("new-" + i, "new.test"))
                            .code())
                    .isEqualTo(201);
        }
        await().atMost(LIMIT).until(() -> seen.stream().allMatch(names -> names.size() >= WRITES));
        assertThat(seen).allSatisfy(names -> assertThat(names).containsExactlyElementsOf(written));
    }
}
