package dev.exeat.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.exeat.testkit.Command;
import dev.exeat.testkit.CommandRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Objects without kubectl, in its words; and beside it, where the machine has one. */
class ApplyIT {
    private static final Path SAMPLE =
            Path.of("..", "samples", "first-policy").toAbsolutePath().normalize();
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final String HOST_SET = """
            apiVersion: exeat.dev/v1alpha1
            kind: HostSet
            metadata: {name: %s, namespace: default%s}
            spec: {hosts: [%s]}
            """;

    @TempDir
    private static Path directory;

    private static Path data;
    private static Program.Running up;

    @BeforeAll
    static void start() {
        data = directory.resolve("data");
        up = Program.start(
                "up",
                "--data-dir",
                data.toString(),
                "--tunnel",
                "127.0.0.1:0",
                "--api",
                "127.0.0.1:0",
                "--admin",
                "127.0.0.1:0");
    }

    @AfterAll
    static void stop() {
        up.close();
    }

    private static Command command(String... words) {
        return Program.exeat(words).env("KUBECONFIG", data.resolve("kubeconfig").toString());
    }

    private static CommandRun exeat(String... words) {
        return command(words).run();
    }

    private static CommandRun kubectl(String... words) {
        Kubectl.assumePresent();
        return new Kubectl(data.resolve("kubeconfig"), directory.resolve("cache")).run(words);
    }

    private static String file(String yaml) throws IOException {
        return Files.writeString(Files.createTempFile(directory, "object", ".yaml"), yaml)
                .toString();
    }

    private static void assertSays(CommandRun run, int exitCode, String... lines) {
        assertThat(run.exitCode()).as(run.stdout() + run.stderr()).isEqualTo(exitCode);
        assertThat((run.stdout() + run.stderr()).lines()).containsExactly(lines);
    }

    @Test
    void a_sample_is_applied_seen_compared_and_deleted() {
        String sample = SAMPLE.toString();

        assertThat(exeat("diff", "-f", sample, "--objects").exitCode()).isEqualTo(1);
        CommandRun applied = exeat("apply", "-f", sample);
        assertSays(
                applied,
                0,
                "serviceaccount/builder created",
                "serviceentry.networking.istio.io/github created",
                "rule.config.istio.io/only-the-builder created",
                "handler.config.istio.io/no-way-out created",
                "instance.config.istio.io/nothing created");
        assertThat(exeat("apply", "-f", sample).stdout().lines())
                .hasSize(5)
                .allMatch(line -> line.endsWith(" unchanged"));
        assertSays(exeat("diff", "-f", sample, "--objects"), 0);
        assertThat(exeat("get", "handlers", "-A").stdout())
                .matches("NAMESPACE +NAME +ADAPTER +AGE\nistio-system +no-way-out +denier +\\d+s\n");
        assertSays(
                exeat("get", "rule/only-the-builder", "handlers/no-way-out", "-n", "istio-system", "-o", "name"),
                0,
                "rule.config.istio.io/only-the-builder",
                "handler.config.istio.io/no-way-out");
        assertThat(exeat("delete", "-f", sample).stdout().lines())
                .hasSize(5)
                .contains("rule.config.istio.io \"only-the-builder\" deleted");
        assertSays(exeat("get", "rules,handlers", "-A"), 0, "No resources found");
    }

    @Test
    void what_is_wrong_is_told_in_the_words_of_kubectl_and_the_rest_is_done() throws IOException {
        String mixed = HOST_SET.formatted("one", "", "a.test") + "---\n"
                + HOST_SET.formatted("two", "", "a.test").replace("HostSet", "Wombat") + "---\n"
                + HOST_SET.formatted("three", "", "a.test").replace("default", "nowhere") + "---\n"
                + HOST_SET.formatted("four", "", "a.test");
        CommandRun run = command("apply", "-f", "-").stdin(mixed).run();
        assertSays(
                run,
                1,
                "hostset.exeat.dev/one created",
                "hostset.exeat.dev/four created",
                "resource mapping not found for name: \"two\" namespace: \"default\" from \"STDIN\": no matches for"
                        + " kind \"Wombat\" in version \"exeat.dev/v1alpha1\"",
                "ensure CRDs are installed first",
                "Error from server (NotFound): error when creating \"STDIN\": namespaces \"nowhere\" not found");
        assertSays(
                exeat("delete", "hostsets", "one", "four", "five"),
                1,
                "hostset.exeat.dev \"one\" deleted",
                "hostset.exeat.dev \"four\" deleted",
                "Error from server (NotFound): hostsets.exeat.dev \"five\" not found");
        assertSays(exeat("delete", "hostset/five", "--ignore-not-found"), 0);
        assertSays(
                exeat("apply", "-f", directory.resolve("none.yaml").toString()),
                1,
                "error: the path \"" + directory.resolve("none.yaml") + "\" does not exist");
    }

    @Test
    void a_dry_run_keeps_nothing() throws IOException {
        String file = file(HOST_SET.formatted("dry", "", "a.test"));

        assertSays(
                exeat("apply", "-f", file, "--dry-run", "server"), 0, "hostset.exeat.dev/dry created (server dry run)");
        assertSays(
                exeat("delete", "-f", file),
                1,
                "Error from server (NotFound): error when deleting \"" + file
                        + "\": hostsets.exeat.dev \"dry\" not found");
    }

    @Test
    void exeat_and_kubectl_apply_the_same_object_in_turns() throws IOException {
        String first = file(HOST_SET.formatted("shared", ", labels: {a: v, b: w}", "a.test"));
        String second = file(HOST_SET.formatted("shared", ", labels: {a: z}", "b.test"));

        assertSays(exeat("apply", "-f", first), 0, "hostset.exeat.dev/shared created");
        assertSays(kubectl("apply", "-f", first), 0, "hostset.exeat.dev/shared unchanged");
        assertSays(kubectl("label", "hostset", "shared", "other=1"), 0, "hostset.exeat.dev/shared labeled");
        assertSays(kubectl("apply", "-f", second), 0, "hostset.exeat.dev/shared configured");
        assertSays(exeat("apply", "-f", second), 0, "hostset.exeat.dev/shared unchanged");
        assertSays(labels("exeat"), 0, "a: z", "other: \"1\"");
        assertSays(exeat("apply", "-f", first), 0, "hostset.exeat.dev/shared configured");
        assertSays(kubectl("diff", "-f", first), 0);
        assertSays(kubectl("apply", "-f", first), 0, "hostset.exeat.dev/shared unchanged");
        assertSays(exeat("apply", "-f", second), 0, "hostset.exeat.dev/shared configured");
        assertSays(kubectl("apply", "-f", second), 0, "hostset.exeat.dev/shared unchanged");
        assertSays(labels("kubectl"), 0, "a: z", "other: \"1\"");
        assertSays(exeat("delete", "hostset", "shared"), 0, "hostset.exeat.dev \"shared\" deleted");
    }

    private static CommandRun labels(String tool) {
        CommandRun run = tool.equals("exeat")
                ? exeat("get", "hostset", "shared", "-o", "yaml")
                : kubectl("get", "hostset", "shared", "-o", "yaml");
        String labels = run.stdout()
                .replaceAll("(?s).*\n  labels:\n(.*?)\n  name:.*", "$1")
                .replaceAll("(?m)^ +", "");
        return new CommandRun(run.command(), run.exitCode(), labels, run.stderr(), run.took());
    }

    @Test
    void output_and_exit_code_are_those_of_kubectl() throws IOException {
        String object = file(HOST_SET.formatted(
                "like", ", annotations: {word: \"yes\", number: \"1\", lines: \"a\\n b\\n\"}", "'*.a.test'"));
        String broken = file(HOST_SET.formatted("like", "", "\"a b\""));
        String other = file(HOST_SET.formatted("like", ", annotations: {word: \"no\"}", "'*.b.test'"));
        assertSays(kubectl("apply", "-f", object), 0, "hostset.exeat.dev/like created");

        for (String line : List.of(
                "get hostset like -o yaml",
                "get hostsets,ns -o json",
                "get ns,hostsets -A",
                "get hostset like nope",
                "get hostset/like ns/default",
                "get hostsets -l a=b -A",
                "get rules",
                "get wombats",
                "get rule.v1.config.istio.io",
                "get ns -o name",
                "get hostset like -A",
                "get -f " + object,
                "get -f " + object + " -o yaml",
                "get -f " + object + " -o name",
                "get hostsets -f " + object,
                "delete hostsets -l a=b",
                "delete hostset",
                "delete hostset nope",
                "apply -f " + object,
                "apply -f " + broken,
                "apply -f " + object + " -n other",
                "apply --server-side -f " + object,
                "apply --server-side --field-manager two --dry-run=server -f " + other,
                "apply --server-side --field-manager two -f " + other,
                "apply --server-side --force-conflicts --field-manager two -f " + other,
                "apply --server-side -f " + broken,
                "delete -f " + object + " --dry-run=server")) {
            CommandRun theirs = kubectl(line.split(" "));
            CommandRun ours = exeat(line.split(" "));
            assertThat(told(ours)).as(line).isEqualTo(told(theirs));
        }
        assertSays(exeat("delete", "-f", object), 0, "hostset.exeat.dev \"like\" deleted");
    }

    /** All that is to be equal; ages go on meanwhile. */
    private static String told(CommandRun run) {
        return run.exitCode() + "\n"
                + (run.stdout() + run.stderr())
                        .replaceAll(" +\\d+m?\\d*s\n", " AGE\n")
                        .replace("exeat get", "kubectl get");
    }

    @Test
    void a_watch_shows_each_change() throws Exception {
        String file = file(HOST_SET.formatted("watched", "", "a.test"));
        try (var watch = command("get", "hostsets", "-w", "--field-selector", "metadata.name=watched")
                .start()) {
            // Either as one that is there or as one that comes.
            assertSays(exeat("apply", "-f", file), 0, "hostset.exeat.dev/watched created");
            watch.awaitLine("NAME +AGE", SOON);
            watch.awaitLine("watched +\\d+s", SOON);
            assertSays(exeat("delete", "-f", file), 0, "hostset.exeat.dev \"watched\" deleted");
            await().atMost(SOON).until(() -> watch.stdout().size() >= 3);
        }
    }

    @Test
    void objects_are_backed_up_in_use_and_restored_when_nothing_runs() throws IOException {
        String file = file(HOST_SET.formatted("saved", "", "a.test"));
        String backup = directory.resolve("backup").toString();
        Path spare = directory.resolve("spare");
        assertSays(exeat("apply", "-f", file), 0, "hostset.exeat.dev/saved created");

        assertThat(exeat("backup", backup, "--data-dir", data.toString()).stdout())
                .contains(" objects, version ");
        CommandRun again = exeat("backup", backup, "--data-dir", data.toString());
        assertThat(again.exitCode()).isEqualTo(1);
        assertThat(again.stderr()).contains("not overwritten");
        CommandRun running = exeat("restore", backup, "--data-dir", data.toString());
        assertThat(running.exitCode()).isEqualTo(1);
        assertThat(running.stderr()).contains("in use by process");
        assertThat(exeat("restore", backup, "--data-dir", spare.toString()).exitCode())
                .isZero();

        try (var restored = Program.start(
                "up",
                "--data-dir",
                spare.toString(),
                "--tunnel",
                "127.0.0.1:0",
                "--api",
                "127.0.0.1:0",
                "--admin",
                "127.0.0.1:0")) {
            assertThat(restored.process().isAlive()).isTrue();
            assertSays(
                    exeat("get", "hostsets", "-o", "name", "--data-dir", spare.toString()),
                    0,
                    "hostset.exeat.dev/saved");
        }
        assertSays(exeat("delete", "-f", file), 0, "hostset.exeat.dev \"saved\" deleted");
    }

    @Test
    void a_server_that_is_not_there_is_told() throws IOException {
        Path other = Files.writeString(
                directory.resolve("other"),
                Files.readString(data.resolve("kubeconfig")).replaceAll("server: .*", "server: https://127.0.0.1:1"));
        assertSays(
                exeat("get", "ns", "--kubeconfig", other.toString()),
                1,
                "The connection to the server 127.0.0.1:1 was refused - did you specify the right host or port?");
        assertThat(exeat("get", "ns", "--data-dir", directory.resolve("no").toString())
                        .stderr())
                .contains("'exeat up' makes it when it starts");
    }
}
