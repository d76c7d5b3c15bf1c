package dev.exeat.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The API answers kubectl as a real API server does: to each command of a list the same exit code, standard output and
 * standard error, but for what differs from run to run and what differs on purpose. The newest kubectl of the machine runs
 * the whole list, the others the commands marked for it, or all with the property {@code exeat.kubectl.all}. {@code make
 * kube-golden} records the answers anew: it runs this class with the property {@code exeat.real.kubeconfig}, which names a
 * real API server.
 */
class KubectlGoldenIT {
    private static final Path RESOURCES = Path.of("src/test/resources/dev/exeat/it/golden");
    private static final Duration SOON = Duration.ofSeconds(10);

    @TempDir
    private Path directory;

    private final List<GoldenStep> steps = GoldenStep.all(resource("commands.txt"));
    private final List<KubectlProgram> kubectls = KubectlProgram.all();

    private static String resource(String name) {
        try (InputStream in = KubectlGoldenIT.class.getResourceAsStream("golden/" + name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void the_api_answers_kubectl_as_a_real_server_does() throws Exception {
        assumeThat(kubectls).as("kubectls of 1.30 and newer on this machine").isNotEmpty();
        String real = System.getProperty("exeat.real.kubeconfig", "");
        if (!real.isEmpty()) {
            record(Path.of(real));
            return;
        }
        GoldenAnswers answers = GoldenAnswers.read(resource("answers.txt"));
        assertThat(answers.lines())
                .as("make kube-golden after commands.txt changed")
                .isEqualTo(steps.stream().map(GoldenStep::line).toList())
                .hasSizeGreaterThan(120);
        List<KubectlProgram> known = kubectls.stream()
                .filter(kubectl -> answers.versions().contains(kubectl.minor()))
                .toList();
        assumeThat(known).as("kubectls of recorded versions, of " + kubectls).isNotEmpty();
        Path data = directory.resolve("data");
        try (Program.Running _ = Program.start(
                "up",
                "--data-dir",
                data.toString(),
                "--registry",
                "ALLOW_ANY",
                "--tunnel",
                "127.0.0.1:0",
                "--api",
                "127.0.0.1:0",
                "--admin",
                "127.0.0.1:0")) {
            GoldenDifferences differences = GoldenDifferences.read(resource("differences.txt"));
            List<String> wrong = new ArrayList<>();
            for (KubectlProgram kubectl : known) {
                boolean whole = kubectl.equals(known.getFirst()) || Boolean.getBoolean("exeat.kubectl.all");
                GoldenRun run = run(kubectl, data.resolve("kubeconfig"));
                for (int i = 0; i < steps.size(); i++) {
                    if (whole || steps.get(i).always()) {
                        compare(kubectl, run, steps.get(i), answers.to(i, kubectl), differences, wrong);
                    }
                }
            }

            assertThat(String.join("\n", wrong)).isEmpty();
            assertThat(differences.needless()).as("differences that are none").isEmpty();
        }
    }

    private GoldenRun run(KubectlProgram kubectl, Path kubeconfig) {
        return new GoldenRun(kubectl, kubeconfig, directory.resolve("cache-" + kubectl.minor()));
    }

    /** The status of an object comes a little later, so what only looks is asked again. */
    private static void compare(
            KubectlProgram kubectl,
            GoldenRun run,
            GoldenStep step,
            List<String> real,
            GoldenDifferences differences,
            List<String> wrong) {
        List<String> last = new ArrayList<>(List.of(differences.unexplained(step.line(), real, run.answer(step))));
        if (step.reads() && !last.getFirst().isEmpty()) {
            try {
                Awaitility.await().atMost(SOON).until(() -> {
                    last.set(0, differences.unexplained(step.line(), real, run.answer(step)));
                    return last.getFirst().isEmpty();
                });
            } catch (ConditionTimeoutException e) {
                // What it answered last is told below.
            }
        }
        if (!last.getFirst().isEmpty()) {
            wrong.add(kubectl + "\n$ " + step.line() + "\n" + step.input() + last.getFirst());
        }
    }

    private void record(Path kubeconfig) throws IOException {
        TreeMap<Integer, List<List<String>>> answers = new TreeMap<>();
        for (KubectlProgram kubectl : kubectls) {
            GoldenRun run = run(kubectl, kubeconfig);
            run.clear();
            answers.put(kubectl.minor(), steps.stream().map(run::answer).toList());
            run.clear();
        }
        Files.writeString(
                RESOURCES.resolve("answers.txt"),
                GoldenAnswers.of(steps, answers).text());
    }
}
