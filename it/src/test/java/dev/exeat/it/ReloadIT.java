package dev.exeat.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.exeat.testkit.Case;
import dev.exeat.testkit.Command;
import dev.exeat.testkit.CommandRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Resources change under a running gateway. */
class ReloadIT {
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final Path BLOCK = Path.of("..", "samples", "sleep", "policy", "sni-wikipedia.yaml");

    @TempDir
    private static Path directory;

    private static Mesh mesh;

    @BeforeAll
    static void start() {
        mesh = Mesh.start(directory);
    }

    @AfterAll
    static void stop() {
        mesh.close();
    }

    @BeforeEach
    void without_policies() throws IOException {
        try (var files = Files.list(mesh.manifests())) {
            for (Path file : files.filter(f -> f.getFileName().toString().startsWith("p-"))
                    .toList()) {
                Files.delete(file);
            }
        }
        await("en", true);
        await("de", true);
    }

    private static boolean reaches(String site) {
        return mesh.curl("-o", "/dev/null", "--connect-to", "::" + mesh.gateway.at("plain"), url(site))
                        .run()
                        .exitCode()
                == 0;
    }

    private static String url(String site) {
        return "https://" + site + ".wikipedia.org/page";
    }

    private static void await(String site, boolean reached) {
        Awaitility.await().atMost(LIMIT).until(() -> reaches(site) == reached);
    }

    private static Path policy(String name) {
        return mesh.manifests().resolve(name);
    }

    private static String blocking(String host) throws IOException {
        return Files.readString(BLOCK).replace("en.wikipedia.org", host);
    }

    private static long errors() {
        return Mesh.metrics(mesh.gateway)
                .lines()
                .filter(line -> line.startsWith("exeat_config_problems{severity=\"error\"}"))
                .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .findFirst()
                .orElse(0);
    }

    @Test
    void the_connection_after_a_change_is_decided_by_it_and_the_way_back_too() throws IOException {
        Files.writeString(policy("p-block.yaml"), blocking("en.wikipedia.org"));
        await("en", false);
        assertThat(reaches("de")).isTrue();

        Files.writeString(policy("p-block.yaml"), blocking("de.wikipedia.org"));
        await("de", false);
        assertThat(reaches("en")).isTrue();

        Files.delete(policy("p-block.yaml"));
        await("de", true);
    }

    @Test
    void a_rename_and_an_editors_way_of_saving_are_changes_too() throws IOException {
        Path draft = directory.resolve("draft");
        Files.writeString(draft, blocking("en.wikipedia.org"));
        Files.move(draft, policy("p-a.yaml"), StandardCopyOption.ATOMIC_MOVE);
        await("en", false);

        Files.move(policy("p-a.yaml"), policy("p-b.yaml"));
        assertThat(reaches("en")).isFalse();

        Files.writeString(draft, blocking("de.wikipedia.org"));
        Files.move(draft, policy("p-b.yaml"), StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        await("de", false);
        assertThat(reaches("en")).isTrue();
    }

    @Test
    @Case("M07")
    void a_file_that_is_still_being_written_is_not_taken() throws Exception {
        String text = blocking("en.wikipedia.org");
        try (var writing =
                Files.newBufferedWriter(policy("p-slow.yaml"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            writing.write(text.substring(0, text.length() / 2));
            writing.flush();
            String before = mesh.digest();
            Files.writeString(policy("p-other.yaml"), """
                    apiVersion: v1
                    kind: ServiceAccount
                    metadata:
                      name: meanwhile
                    """);
            mesh.awaitOtherDigest(before);
            assertThat(reaches("en")).isTrue();
            assertThat(errors()).isZero();
            writing.write(text.substring(text.length() / 2));
        }
        await("en", false);
    }

    @Test
    @Case({"Y21", "M01"})
    void a_broken_file_leaves_the_last_good_objects_in_force_and_says_where_and_what_to_do() throws IOException {
        Files.writeString(policy("p-block.yaml"), blocking("en.wikipedia.org"));
        await("en", false);

        Files.writeString(policy("p-block.yaml"), blocking("de.wikipedia.org").replace("overrides:", "override:"));

        Awaitility.await().atMost(LIMIT).until(() -> errors() > 0);
        assertThat(reaches("en")).isFalse();
        assertThat(reaches("de")).isTrue();
        String log = String.join("\n", mesh.gateway.process().stderr());
        assertThat(log).containsPattern("p-block\\.yaml:\\d+:\\d+.*override").contains("overrides");

        Files.writeString(policy("p-block.yaml"), "kind: [unclosed\n  more: }");
        Awaitility.await()
                .atMost(LIMIT)
                .until(() -> String.join("\n", mesh.gateway.process().stderr()).contains("p-block.yaml:2"));
        assertThat(reaches("en")).isFalse();

        Files.writeString(policy("p-block.yaml"), blocking("de.wikipedia.org"));
        await("de", false);
        assertThat(reaches("en")).isTrue();
        assertThat(errors()).isZero();
    }

    @Test
    void a_directory_of_links_that_is_turned_as_kubernetes_does_is_a_change() throws IOException {
        Path tree = Files.createDirectories(policy("p-tree-real"));
        Path first = Files.createDirectories(tree.resolve("..1"));
        Path second = Files.createDirectories(tree.resolve("..2"));
        Files.writeString(first.resolve("block.yaml"), blocking("en.wikipedia.org"));
        Files.writeString(second.resolve("block.yaml"), blocking("de.wikipedia.org"));
        Files.createSymbolicLink(tree.resolve("..data"), Path.of("..1"));
        Files.createSymbolicLink(tree.resolve("block.yaml"), Path.of("..data", "block.yaml"));
        try {
            await("en", false);
            Files.createSymbolicLink(tree.resolve("..tmp"), Path.of("..2"));
            Files.move(
                    tree.resolve("..tmp"),
                    tree.resolve("..data"),
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
            await("de", false);
            assertThat(reaches("en")).isTrue();
        } finally {
            Command.of("rm", "-rf", tree.toString()).run();
        }
    }

    @Test
    void sighup_reads_again() {
        int before = mesh.gateway.process().stderr().size();

        Command.of("kill", "-HUP", String.valueOf(mesh.gateway.process().pid())).run();

        Awaitility.await()
                .atMost(LIMIT)
                .until(() -> String.join(
                                "\n",
                                mesh.gateway
                                        .process()
                                        .stderr()
                                        .subList(
                                                before,
                                                mesh.gateway.process().stderr().size()))
                        .contains("reloading"));
        assertThat(reaches("de")).isTrue();
    }

    @Test
    void validate_tells_good_from_broken_from_missing() throws IOException {
        Path good = directory.resolve("good.yaml");
        Files.writeString(good, blocking("en.wikipedia.org"));
        Path broken = directory.resolve("broken.yaml");
        Files.writeString(broken, blocking("en.wikipedia.org").replace("blacklist: true", "blacklist: perhaps"));

        assertThat(Program.exeat("validate", "-f", good.toString()).run().exitCode())
                .isZero();
        CommandRun run = Program.exeat("validate", "-f", broken.toString()).run();
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.stdout()).containsPattern("broken\\.yaml:\\d+:\\d+").contains("blacklist");
        assertThat(Program.exeat("validate", "-f", directory.resolve("none").toString())
                        .run()
                        .exitCode())
                .isEqualTo(3);
    }
}
