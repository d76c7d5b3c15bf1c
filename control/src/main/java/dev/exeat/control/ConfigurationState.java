package dev.exeat.control;

import dev.exeat.model.Problem;
import dev.exeat.policy.Snapshot;
import java.time.Instant;
import java.util.List;

/**
 * What is in force, and what is wrong with what was asked for.
 *
 * @param problems by file and line
 * @param since when the snapshot came into force
 */
public record ConfigurationState(Snapshot snapshot, List<Problem> problems, Instant since) {
    public ConfigurationState {
        problems = List.copyOf(problems);
    }

    public long errors() {
        return problems.stream().filter(Problem::isError).count();
    }

    public long warnings() {
        return problems.size() - errors();
    }
}
