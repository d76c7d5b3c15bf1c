package dev.exeat.control;

import dev.exeat.model.ObjectKey;
import dev.exeat.model.Problem;
import dev.exeat.model.Resource;
import dev.exeat.policy.ResourceChange;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Two sources as one. Of an object that both have, that of the first is in force; where they differ, a warning says so. */
public final class JoinedSource implements ResourceSource {
    private final ResourceSource first;
    private final ResourceSource second;
    private ResourceSet one = ResourceSet.EMPTY;
    private ResourceSet other = ResourceSet.EMPTY;
    private ResourceSet joined = ResourceSet.EMPTY;
    private Map<ObjectKey, Resource> winners = Map.of();
    /** Whether an object of the second source stood back. */
    private boolean twins;

    /** @param first and {@code second} are closed with this source */
    public JoinedSource(ResourceSource first, ResourceSource second) {
        this.first = first;
        this.second = second;
    }

    @Override
    public synchronized ResourceSet current() {
        ResourceSet first = this.first.current();
        ResourceSet second = this.second.current();
        long version = Math.max(first.version(), second.version());
        joined = first.hasSame(one) && second.hasSame(other)
                ? new ResourceSet(joined.resources(), joined.problems(), version)
                : join(first, second, version);
        one = first;
        other = second;
        return joined;
    }

    /** Where the first source stayed as it was, and nothing of the second stood back, only what has come is looked at. */
    private ResourceSet join(ResourceSet first, ResourceSet second, long version) {
        List<Resource> fresh = second.resources();
        if (first.hasSame(one) && !twins) {
            fresh = ResourceChange.between(other.resources(), fresh).come();
        } else {
            winners = new HashMap<>();
            first.resources().forEach(resource -> winners.put(resource.key(), resource));
        }
        twins = fresh.stream().anyMatch(resource -> winners.containsKey(resource.key()));
        return twins ? withoutTwins(first, second, version) : both(first, second, version);
    }

    private static ResourceSet both(ResourceSet first, ResourceSet second, long version) {
        List<Resource> resources = new ArrayList<>(first.resources());
        resources.addAll(second.resources());
        List<Problem> problems = new ArrayList<>(first.problems());
        problems.addAll(second.problems());
        return new ResourceSet(resources, problems, version);
    }

    private ResourceSet withoutTwins(ResourceSet first, ResourceSet second, long version) {
        List<Resource> resources = new ArrayList<>(first.resources());
        List<Problem> problems = new ArrayList<>(first.problems());
        problems.addAll(second.problems());
        for (Resource resource : second.resources()) {
            Resource winner = winners.get(resource.key());
            if (winner == null) {
                resources.add(resource);
            } else if (!SameObject.says(winner, resource)) {
                problems.add(new Problem(
                        Problem.Severity.WARNING,
                        "object-twice",
                        resource.place(),
                        resource.key(),
                        "",
                        "the object also stands at " + winner.place() + "; the one there is in force",
                        "remove one of the two"));
            }
        }
        return new ResourceSet(resources, problems, version);
    }

    @Override
    public void refresh() {
        first.refresh();
        second.refresh();
    }

    @Override
    public void onChange(Runnable listener) {
        first.onChange(listener);
        second.onChange(listener);
    }

    @Override
    public void close() {
        first.close();
        second.close();
    }
}
