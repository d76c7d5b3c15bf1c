package dev.exeat.it;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.exeat.testkit.Command;
import dev.exeat.testkit.CommandRun;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The kubectl of this machine.
 *
 * @param cache where it keeps what it learnt of a server
 */
record Kubectl(Path kubeconfig, Path cache) {

    /** Skips the test where there is none. */
    static void assumePresent() {
        assumeTrue(Tools.find("kubectl") != null, "there is no kubectl here");
    }

    Command command(String... arguments) {
        return command(Path.of("kubectl"), arguments);
    }

    Command command(Path program, String... arguments) {
        List<String> words = new ArrayList<>(
                List.of(program.toString(), "--kubeconfig", kubeconfig.toString(), "--cache-dir", cache.toString()));
        words.addAll(List.of(arguments));
        return Command.of(words);
    }

    CommandRun run(String... arguments) {
        return command(arguments).run();
    }
}
