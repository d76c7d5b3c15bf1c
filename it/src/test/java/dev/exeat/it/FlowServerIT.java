package dev.exeat.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.exeat.testkit.BackgroundProcess;
import dev.exeat.testkit.CommandRun;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The history of a server, read from elsewhere by those who may. */
class FlowServerIT {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    @TempDir
    private Path directory;

    private static CommandRun exeat(List<String> source, String... words) {
        List<String> all = new ArrayList<>(List.of(words));
        all.addAll(source);
        return Program.exeat(all.toArray(String[]::new)).run();
    }

    @Test
    void a_viewer_of_a_namespace_follows_it_from_elsewhere_and_others_are_refused() throws Exception {
        Program.write(directory.resolve("manifests/viewer.yaml"), """
                apiVersion: rbac.authorization.k8s.io/v1
                kind: RoleBinding
                metadata:
                  name: sleep
                  namespace: default
                  annotations: {exeat.dev/grants-api-access: "true"}
                roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: viewer}
                subjects: [{kind: ServiceAccount, name: sleep, namespace: default}]
                """);
        try (Mesh mesh = Mesh.start(directory)) {
            List<String> viewer = List.of(mesh.enrolmentOf("sleep", "default"));
            List<String> operator =
                    List.of("--kubeconfig", mesh.data().resolve("kubeconfig").toString());
            assertThat(exeat(List.of(mesh.enrolmentOf("sleep-us", "default")), "observe")
                            .stderr())
                    .contains("User \"system:serviceaccount:default:sleep-us\" cannot list resource \"flows\"");
            List<String> following = new ArrayList<>(List.of("observe", "-f", "--host", "*.wikipedia.org"));
            following.addAll(viewer);
            try (BackgroundProcess seen =
                    Program.exeat(following.toArray(String[]::new)).start()) {
                // Its start is not seen from outside; a later connection comes when it surely looks.
                await().atMost(LIMIT).until(() -> {
                    mesh.curlAs("sleep", "https://en.wikipedia.org/page");
                    return seen.stdout().stream()
                            .anyMatch(line -> line.contains(" allowed default/sleep -> en.wikipedia.org:443"));
                });
            }

            assertThat(exeat(viewer, "observe", "--last", "1", "--verdict", "allowed")
                            .stdout())
                    .contains("default/sleep -> en.wikipedia.org:443");
            assertThat(exeat(operator, "top", "--once").stdout())
                    .containsPattern("default/sleep +en\\.wikipedia\\.org:443");
            assertThat(exeat(viewer, "suggest").stdout()).contains("- en.wikipedia.org");
            CommandRun replay = exeat(
                    operator,
                    "replay",
                    "-f",
                    mesh.manifests().resolve("hosts.yaml").toString());
            assertThat(replay.exitCode()).as(replay.toString()).isZero();
            assertThat(replay.stdout()).startsWith("no verdict changes in ");
            assertThat(exeat(operator, "flows", "summary", "--format", "markdown")
                            .stdout())
                    .contains("| default/sleep | en.wikipedia.org:443 |");
        }
    }
}
