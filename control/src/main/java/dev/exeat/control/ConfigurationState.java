package dev.exeat.control;

import dev.exeat.model.ObjectKey;
import dev.exeat.model.Problem;
import dev.exeat.policy.Snapshot;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What is in force, and what is wrong with what was asked for.
 *
 * @param problems by file and line
 * @param effects what objects do here whose author may expect more of them, or less; for people
 * @param since when the snapshot came into force
 * @param resourceVersion up to which all changes of the API's objects are in force, or refused by their own fault; 0
 *     where no API is followed
 */
public record ConfigurationState(
        Snapshot snapshot,
        List<Problem> problems,
        Map<ObjectKey, String> effects,
        Instant since,
        long resourceVersion) {
    public ConfigurationState {
        problems = List.copyOf(problems);
        effects = Map.copyOf(effects);
    }

    /** The same at a later version of the API's objects. */
    ConfigurationState at(long version) {
        return new ConfigurationState(snapshot, problems, effects, since, version);
    }

    public long errors() {
        return problems.stream().filter(Problem::isError).count();
    }

    public long warnings() {
        return problems.size() - errors();
    }
}
