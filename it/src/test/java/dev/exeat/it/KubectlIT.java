package dev.exeat.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.exeat.testkit.CommandRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The resource API, with the kubectl of this machine. */
class KubectlIT {
    private static final Path SAMPLES =
            Path.of("..", "samples").toAbsolutePath().normalize();
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final String POLICY = """
            apiVersion: exeat.dev/v1alpha1
            kind: EgressPolicy
            metadata: {name: %s, namespace: %s}
            spec:
              action: Deny
              destinations: [{hosts: [%s]}]
            """;

    @TempDir
    private static Path directory;

    private static Path data;
    private static Program.Running up;

    @BeforeAll
    static void start() throws IOException {
        Kubectl.assumePresent();
        Files.writeString(Files.createDirectory(directory.resolve("manifests")).resolve("sets.yaml"), """
                apiVersion: exeat.dev/v1alpha1
                kind: HostSet
                metadata: {name: of-a-file, namespace: istio-system}
                spec: {hosts: [a.test]}
                """);
        data = directory.resolve("data");
        up = up();
    }

    private static Program.Running up() {
        return Program.start(
                "up",
                "--data-dir",
                data.toString(),
                "--manifests",
                directory.resolve("manifests").toString(),
                "--registry",
                "ALLOW_ANY",
                "--tunnel",
                "127.0.0.1:0",
                "--api",
                "127.0.0.1:0",
                "--admin",
                "127.0.0.1:0");
    }

    @AfterAll
    static void stop() {
        if (up != null) {
            up.close();
        }
    }

    private CommandRun kubectl(String... arguments) {
        return new Kubectl(data.resolve("kubeconfig"), directory.resolve("cache")).run(arguments);
    }

    private String apply(String yaml) throws IOException {
        return Files.writeString(Files.createTempFile(directory, "object", ".yaml"), yaml)
                .toString();
    }

    private static void assertSays(CommandRun run, int exitCode, String... texts) {
        String all = run.stdout() + run.stderr();
        assertThat(run.exitCode()).as(all).isEqualTo(exitCode);
        assertThat(all).contains(texts);
    }

    private String verdict(String account, String host) {
        return Program.exeat("explain", "--server", "--as", account, "--to", host, "--data-dir", data.toString())
                .run()
                .stdout()
                .lines()
                .findFirst()
                .orElse("")
                .split(" ")[0];
    }

    @Test
    void events_and_leases_are_kept_without_a_lab() throws IOException {
        assertSays(kubectl("create", "configmap", "noted"), 0, "configmap/noted created");
        String uid = kubectl("get", "configmap", "noted", "-o", "jsonpath={.metadata.uid}")
                .stdout();
        String event = apply("""
                apiVersion: v1
                kind: Event
                metadata: {name: seen.1, namespace: default}
                involvedObject: {apiVersion: v1, kind: ConfigMap, name: noted, namespace: default, uid: %s}
                type: Normal
                reason: Seen
                message: It was seen.
                lastTimestamp: "2026-11-27T10:00:00Z"
                count: 1
                """.formatted(uid));
        assertSays(kubectl("create", "-f", event), 0, "event/seen.1 created");

        assertThat(kubectl("get", "events").stdout())
                .matches("(?s)LAST SEEN +TYPE +REASON +OBJECT +MESSAGE *\n"
                        + "\\S+ +Normal +Seen +configmap/noted +It was seen\\..*");
        assertSays(kubectl("get", "events", "--field-selector", "involvedObject.name=other"), 0, "No resources found");
        assertSays(kubectl("describe", "configmap", "noted"), 0, "Events:", "It was seen.");

        String lease = apply("""
                apiVersion: coordination.k8s.io/v1
                kind: Lease
                metadata: {name: leader, namespace: default}
                spec: {holderIdentity: one, leaseDurationSeconds: 15}
                """);
        assertSays(kubectl("apply", "-f", lease), 0, "lease.coordination.k8s.io/leader created");
        assertThat(kubectl("get", "lease", "leader").stdout()).matches("(?s)NAME +HOLDER +AGE *\nleader +one +\\S+.*");
    }

    @Test
    void a_sample_is_applied_seen_changed_and_deleted() {
        String sample = SAMPLES.resolve("first-policy").toString();

        assertSays(kubectl("diff", "-f", sample), 1, "+kind: rule");
        assertSays(
                kubectl("apply", "-f", sample),
                0,
                "serviceaccount/builder created",
                "rule.config.istio.io/only-the-builder created");
        assertSays(kubectl("apply", "-f", sample), 0, "rule.config.istio.io/only-the-builder unchanged");
        assertThat(kubectl("diff", "-f", sample).exitCode()).isZero();
        await().atMost(SOON).until(() -> verdict("default/sleep", "github.com").equals("denied"));
        assertThat(verdict("default/builder", "github.com")).isEqualTo("allowed");

        assertSays(
                kubectl(
                        "wait",
                        "--for=condition=Programmed",
                        "rule/only-the-builder",
                        "handler/no-way-out",
                        "-n",
                        "istio-system",
                        "--timeout=10s"),
                0,
                "rule.config.istio.io/only-the-builder condition met");

        assertSays(kubectl("get", "rules", "-A"), 0, "NAMESPACE", "istio-system", "only-the-builder");
        assertSays(kubectl("get", "handlers", "-n", "istio-system"), 0, "ADAPTER", "denier");
        assertSays(kubectl("describe", "rule", "-n", "istio-system", "only-the-builder"), 0, "Match:");
        assertSays(kubectl("label", "rule", "-n", "istio-system", "only-the-builder", "team=a"), 0, "labeled");
        assertSays(
                kubectl("get", "rules", "-A", "-l", "team=a", "-o", "name"),
                0,
                "rule.config.istio.io/only-the-builder");
        assertSays(kubectl("get", "rules", "-A", "-l", "team!=a"), 0, "No resources found");
        assertSays(
                kubectl(
                        "patch",
                        "handler",
                        "no-way-out",
                        "-n",
                        "istio-system",
                        "--type=json",
                        "-p",
                        "[{\"op\":\"replace\",\"path\":\"/spec/params/status/message\",\"value\":\"not now\"}]"),
                0,
                "patched");
        assertSays(
                kubectl(
                        "get",
                        "handler",
                        "no-way-out",
                        "-n",
                        "istio-system",
                        "-o",
                        "jsonpath={.spec.params.status.message}"),
                0,
                "not now");
        assertSays(
                kubectl("patch", "handler", "no-way-out", "-n", "istio-system", "--type=merge", "-p", "{\"spec\":{}}"),
                0,
                "patched (no change)");
        assertSays(
                kubectl("patch", "handler", "no-way-out", "-n", "istio-system", "-p", "{\"spec\":{}}"),
                1,
                "application/strategic-merge-patch+json is not supported by config.istio.io/v1alpha2, Kind=handler");

        assertSays(kubectl("delete", "-f", sample), 0, "rule.config.istio.io \"only-the-builder\" deleted");
        await().atMost(SOON).until(() -> verdict("default/sleep", "github.com").equals("allowed"));
    }

    @Test
    void what_is_wrong_is_refused_in_the_words_of_kubernetes_with_all_its_errors() throws IOException {
        assertSays(
                kubectl("get", "rule", "nope"),
                1,
                "Error from server (NotFound): rules.config.istio.io \"nope\" not found");
        assertSays(kubectl("get", "rules"), 0, "No resources found in default namespace.");
        assertSays(
                kubectl("apply", "-f", apply(POLICY.formatted("p", "nowhere", "a.test"))),
                1,
                "Error from server (NotFound)",
                "namespaces \"nowhere\" not found");
        assertSays(
                kubectl(
                        "apply",
                        "-f",
                        apply(POLICY.formatted("p", "default", "a.test").replace("action", "acton"))),
                1,
                "strict decoding error: unknown field \"spec.acton\"");
        assertSays(
                kubectl("apply", "-f", apply(POLICY.formatted("p", "default", "\"a b\""))),
                1,
                "The EgressPolicy \"p\" is invalid",
                "spec.destinations[0].hosts[0]");
        assertSays(kubectl("get", "rules", "--field-selector", "spec.x=1"), 1, "field label not supported: spec.x");
        assertSays(
                kubectl("--token=wrong", "get", "rules"),
                1,
                "error: You must be logged in to the server (Unauthorized)");
        assertSays(kubectl("get", "egp"), 0, "No resources found");
    }

    @Test
    void the_status_tells_what_an_object_names_that_is_not_there() throws IOException {
        String rule = apply("""
                apiVersion: config.istio.io/v1alpha2
                kind: rule
                metadata: {name: lonely, namespace: default}
                spec: {actions: [{handler: nobody, instances: [nothing]}]}
                """);
        assertSays(kubectl("apply", "-f", rule), 0, "created");

        assertSays(
                kubectl("wait", "--for=condition=ResolvedRefs=false", "rule/lonely", "--timeout=10s"),
                0,
                "rule.config.istio.io/lonely condition met");
        assertSays(
                kubectl(
                        "get",
                        "rule",
                        "lonely",
                        "-o",
                        "jsonpath={.status.conditions[?(@.type==\"ResolvedRefs\")]['reason','message']}"),
                0,
                "DanglingReference",
                "nobody");
        assertSays(kubectl("apply", "-f", rule), 0, "rule.config.istio.io/lonely unchanged");
        assertSays(kubectl("delete", "-f", rule), 0, "deleted");
    }

    @Test
    void what_stands_in_a_file_is_shown_and_changed_there_alone() {
        String says = "hostsets.exeat.dev \"of-a-file\" is forbidden: it stands in "
                + directory.resolve("manifests").resolve("sets.yaml") + ":1 and is changed there";
        assertSays(kubectl("get", "hostset", "-n", "istio-system"), 0, "of-a-file");
        assertSays(
                kubectl(
                        "wait",
                        "--for=condition=Programmed",
                        "hostset/of-a-file",
                        "-n",
                        "istio-system",
                        "--timeout=10s"),
                0,
                "condition met");

        assertSays(kubectl("label", "hostset", "of-a-file", "-n", "istio-system", "a=b"), 1, "(Forbidden)", says);
        assertSays(kubectl("delete", "hostset", "of-a-file", "-n", "istio-system"), 1, "(Forbidden)", says);
        assertSays(kubectl("delete", "hostset", "--all", "-n", "istio-system"), 1, "(Forbidden)", says);
    }

    @Test
    void nobody_can_pass_an_object_off_as_one_of_a_file() throws IOException {
        String file = apply(POLICY.formatted("sly", "default", "a.test")
                .replace("name: sly", "annotations: {exeat.dev/file: 'x:1'}, name: sly"));

        assertSays(kubectl("create", "-f", file), 0, "created");
        assertSays(kubectl("annotate", "egp", "sly", "exeat.dev/file=x:1", "team=a"), 0, "annotated");
        assertThat(kubectl("get", "egp", "sly", "-o", "yaml").stdout()).doesNotContain("exeat.dev/file");
        assertSays(kubectl("delete", "egp", "sly"), 0, "deleted");
    }

    @Test
    void a_namespace_takes_what_lies_in_it_along() throws IOException {
        assertSays(kubectl("create", "namespace", "team"), 0, "namespace/team created");
        assertSays(kubectl("create", "namespace", "team"), 1, "(AlreadyExists)", "namespaces \"team\" already exists");
        assertSays(kubectl("create", "serviceaccount", "x", "-n", "team"), 0, "serviceaccount/x created");
        assertSays(kubectl("create", "-f", apply(POLICY.formatted("gone", "team", "a.test"))), 0, "created");
        assertSays(kubectl("get", "egp", "-n", "team"), 0, "NAME", "ACTION", "Deny");
        assertSays(kubectl("delete", "namespace", "team"), 0, "deleted");
        assertSays(kubectl("get", "egp,sa", "-A"), 0, "No resources found");
    }

    @Test
    void a_watch_shows_each_change() throws Exception {
        Path seen = directory.resolve("watch.txt");
        Process watch = new ProcessBuilder(
                        "kubectl",
                        "--kubeconfig",
                        data.resolve("kubeconfig").toString(),
                        "--cache-dir",
                        directory.resolve("watch-cache").toString(),
                        "get",
                        "hostsets",
                        "-w",
                        "-o",
                        "name")
                .redirectOutput(seen.toFile())
                .redirectErrorStream(true)
                .start();
        try {
            String file = apply("""
                    apiVersion: exeat.dev/v1alpha1
                    kind: HostSet
                    metadata: {name: watched, namespace: default}
                    spec: {hosts: [a.test]}
                    """);
            assertSays(kubectl("apply", "-f", file), 0, "created");
            assertSays(kubectl("label", "hostset", "watched", "a=b"), 0, "labeled");
            await().atMost(SOON).until(() -> Files.readString(seen).lines().count() >= 2);
            assertSays(kubectl("delete", "-f", file), 0, "deleted");
            await().atMost(SOON).until(() -> Files.readString(seen).lines().count() >= 3);
            assertThat(Files.readAllLines(seen)).allMatch(line -> line.equals("hostset.exeat.dev/watched"));
        } finally {
            watch.destroy();
            watch.waitFor();
        }
    }

    @Test
    void what_was_written_is_there_after_kill_9_and_its_kubeconfig_still_works() throws IOException {
        assertSays(kubectl("apply", "-f", apply(POLICY.formatted("kept", "default", "kept.test"))), 0, "created");
        up.process().kill();
        up.process().awaitExit(SOON);
        up = up();

        assertSays(kubectl("get", "egp", "kept", "-o", "jsonpath={.spec.action}"), 0, "Deny");
        assertThat(verdict("default/x", "kept.test")).isEqualTo("denied");
        assertSays(kubectl("delete", "egp", "kept"), 0, "deleted");
    }

    @Test
    void the_kubeconfig_is_its_owners_alone_and_printed_on_request() throws IOException {
        Path file = data.resolve("kubeconfig");

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data.resolve("operator.token"))))
                .isEqualTo("rw-------");
        CommandRun printed =
                Program.exeat("kubeconfig", "--data-dir", data.toString()).run();
        assertSays(printed, 0, Files.readString(file));
        assertSays(
                Program.exeat("kubeconfig", "--data-dir", directory.toString()).run(), 3, "'exeat up' makes it");
    }
}
