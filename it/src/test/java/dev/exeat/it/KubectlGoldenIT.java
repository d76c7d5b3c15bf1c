package dev.exeat.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The API answers kubectl as a real API server does: to each command of a list the same exit code, standard output and
 * standard error, but for what differs from run to run. {@code make kube-golden} records the answers anew: it runs this
 * class with the property {@code exeat.golden.kubeconfig}, which names a real API server.
 */
class KubectlGoldenIT {
    private static final Path RESOURCES = Path.of("src/test/resources/dev/exeat/it/golden");

    @TempDir
    private Path directory;

    private static String resource(String name) throws IOException {
        try (InputStream in = KubectlGoldenIT.class.getResourceAsStream("golden/" + name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void the_api_answers_kubectl_as_a_real_server_does() throws Exception {
        assumeTrue(Tools.find("kubectl") != null, "there is no kubectl here");
        String real = System.getProperty("exeat.golden.kubeconfig", "");
        if (!real.isEmpty()) {
            record(Path.of(real));
            return;
        }
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
            List<GoldenRun.Answer> answers = answers(data.resolve("kubeconfig"));

            assertThat(answers).hasSizeGreaterThan(120);
            assertThat(GoldenRun.text(answers)).isEqualTo(resource("answers.txt"));
        }
    }

    private List<GoldenRun.Answer> answers(Path kubeconfig) throws IOException, InterruptedException {
        GoldenRun run = new GoldenRun(kubeconfig, directory.resolve("cache"));
        List<GoldenRun.Answer> answers = new ArrayList<>();
        for (GoldenRun.Step step : GoldenRun.steps(resource("commands.txt"))) {
            answers.add(run.answer(step));
        }
        return answers;
    }

    private void record(Path kubeconfig) throws IOException, InterruptedException {
        Files.writeString(RESOURCES.resolve("answers.txt"), GoldenRun.text(answers(kubeconfig)));
    }
}
