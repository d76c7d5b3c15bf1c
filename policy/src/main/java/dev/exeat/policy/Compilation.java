package dev.exeat.policy;

import dev.exeat.model.Problem;
import java.util.List;

/**
 * What became of a set of objects.
 *
 * @param problems those that show only between objects, such as a reference to an object that is not there; what is
 *     wrong with one object alone {@link PolicyCompiler#check} tells
 */
public record Compilation(Snapshot snapshot, List<Problem> problems) {
    public Compilation {
        problems = List.copyOf(problems);
    }
}
