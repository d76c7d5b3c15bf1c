package dev.exeat.control;

import dev.exeat.model.Problem;
import dev.exeat.model.Resource;
import java.util.List;

/**
 * What a source holds at one time.
 *
 * @param resources each object once, as its source has it; whether it is sound is not judged yet
 * @param problems what kept objects from being read, and what is odd about those that were
 */
public record ResourceSet(List<Resource> resources, List<Problem> problems) {
    public static final ResourceSet EMPTY = new ResourceSet(List.of(), List.of());

    public ResourceSet {
        resources = List.copyOf(resources);
        problems = List.copyOf(problems);
    }
}
