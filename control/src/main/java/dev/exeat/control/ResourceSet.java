package dev.exeat.control;

import dev.exeat.model.ObjectKey;
import dev.exeat.model.Problem;
import dev.exeat.model.Resource;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a source holds at one time.
 *
 * @param resources each object once, as its source has it; whether it is sound is not judged yet
 * @param problems what kept objects from being read, and what is odd about those that were
 * @param sharers the files of each object that stands in several with the same content
 * @param version of the API's objects up to which their changes are in the set; 0 where there are none of an API
 */
public record ResourceSet(
        List<Resource> resources, List<Problem> problems, Map<ObjectKey, Set<String>> sharers, long version) {
    public static final ResourceSet EMPTY = new ResourceSet(List.of(), List.of());

    public ResourceSet {
        resources = List.copyOf(resources);
        problems = List.copyOf(problems);
        sharers = Map.copyOf(sharers);
    }

    /** Of objects that each stand in one place. */
    public ResourceSet(List<Resource> resources, List<Problem> problems) {
        this(resources, problems, Map.of(), 0);
    }

    /** Of an API's objects. */
    public ResourceSet(List<Resource> resources, List<Problem> problems, long version) {
        this(resources, problems, Map.of(), version);
    }

    /** Whether it holds what another one does, as an earlier one of the same source; takes no time. */
    @SuppressWarnings("ReferenceEquality") // Whether they say the same is another question, and takes long to answer.
    boolean hasSame(ResourceSet other) {
        return resources == other.resources() && problems == other.problems() && sharers == other.sharers();
    }
}
