package dev.exeat.it;

import dev.exeat.testkit.Command;
import dev.exeat.testkit.CommandRun;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Runs commands of the list with one kubectl against one API. */
final class GoldenRun {
    private static final Duration LONGEST = Duration.ofSeconds(60);
    private static final String FINALIZE = "/api/v1/namespaces/golden/finalize";
    private static final String FINALIZED = """
            {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "golden"}, "spec": {"finalizers": []}}
            """;

    private final KubectlProgram kubectl;
    private final Path kubeconfig;
    private final Path cache;

    /** @param cache where kubectl keeps what it learnt of the server */
    GoldenRun(KubectlProgram kubectl, Path kubeconfig, Path cache) {
        this.kubectl = kubectl;
        this.kubeconfig = kubeconfig;
        this.cache = cache;
    }

    /** The lines of the answer. */
    List<String> answer(GoldenStep step) {
        CommandRun run = run(step.words(), step.input());
        String itself = "'" + kubectl.path().getFileName() + " ";
        return GoldenText.lines(run.exitCode(), run.stdout(), run.stderr().replace(itself, "'kubectl "));
    }

    private CommandRun run(List<String> words, String input) {
        List<String> command = new ArrayList<>(List.of(
                kubectl.path().toString(), "--kubeconfig", kubeconfig.toString(), "--cache-dir", cache.toString()));
        command.addAll(words);
        CommandRun run = Command.of(command).stdin(input).timeout(LONGEST).run();
        if (run.timedOut()) {
            throw new IllegalStateException("does not end: " + run);
        }
        return run;
    }

    /** Ends the namespace of the list where no controller does, as in an API server that stands alone. */
    void clear() {
        if (run(List.of("get", "namespace", "golden"), "").exitCode() == 0) {
            CommandRun run = run(List.of("replace", "--raw", FINALIZE, "-f", "-"), FINALIZED);
            if (run.exitCode() != 0) {
                throw new IllegalStateException("the namespace does not end: " + run);
            }
        }
    }
}
