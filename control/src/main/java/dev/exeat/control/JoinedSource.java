package dev.exeat.control;

import dev.exeat.model.ObjectKey;
import dev.exeat.model.Problem;
import dev.exeat.model.Resource;
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

    private static ResourceSet join(ResourceSet one, ResourceSet other, long version) {
        Map<ObjectKey, Resource> winners = new HashMap<>();
        one.resources().forEach(resource -> winners.put(resource.key(), resource));
        List<Resource> resources = new ArrayList<>(one.resources());
        List<Problem> problems = new ArrayList<>(one.problems());
        problems.addAll(other.problems());
        for (Resource resource : other.resources()) {
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
