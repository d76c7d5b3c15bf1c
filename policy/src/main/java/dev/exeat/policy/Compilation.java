package dev.exeat.policy;

import dev.exeat.model.ObjectKey;
import dev.exeat.model.Problem;
import java.util.List;
import java.util.Map;

/**
 * What became of a set of objects.
 *
 * @param problems those that show only between objects, such as a reference to an object that is not there; what is
 *     wrong with one object alone {@link PolicyCompiler#check} tells
 * @param effects what objects do here whose author may expect more of them, or less; for people
 */
public record Compilation(Snapshot snapshot, List<Problem> problems, Map<ObjectKey, String> effects) {
    public Compilation {
        effects = Map.copyOf(effects);
        problems = List.copyOf(problems);
    }
}
