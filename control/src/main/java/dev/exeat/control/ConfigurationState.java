package dev.exeat.control;

import dev.exeat.model.ObjectKey;
import dev.exeat.model.Place;
import dev.exeat.model.Problem;
import dev.exeat.policy.Snapshot;
import java.time.Instant;
import java.util.ArrayList;
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
 * @param compilation the number of the latest compilation, from 1; those that failed count. A state with the number of the
 *     one before says the same of policies and problems
 */
public record ConfigurationState(
        Snapshot snapshot,
        List<Problem> problems,
        Map<ObjectKey, String> effects,
        Instant since,
        long resourceVersion,
        long compilation) {
    private static final Problem FAULT = new Problem(
            Problem.Severity.ERROR,
            "compile-fault",
            new Place("configuration", 0, 0),
            null,
            "",
            "compiling the policy failed by a fault of this program; the last good one stays in force",
            "undo the latest change; the log has the fault");

    public ConfigurationState {
        problems = List.copyOf(problems);
        effects = Map.copyOf(effects);
    }

    /** The same at a later version of the API's objects. */
    ConfigurationState at(long version) {
        return new ConfigurationState(snapshot, problems, effects, since, version, compilation);
    }

    /** The same after a compilation that failed by a fault. */
    ConfigurationState afterFault() {
        List<Problem> all = new ArrayList<>(problems);
        if (!all.contains(FAULT)) {
            all.add(FAULT);
        }
        return new ConfigurationState(snapshot, all, effects, since, resourceVersion, compilation + 1);
    }

    public long errors() {
        return problems.stream().filter(Problem::isError).count();
    }

    public long warnings() {
        return problems.size() - errors();
    }
}
