package dev.exeat.policy;

import dev.exeat.model.ObjectKey;
import dev.exeat.model.Problem;
import dev.exeat.model.Resource;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Leaves one of several objects with the same key. */
final class DuplicateObjects {
    /** Objects that stand nowhere, or at one place, are told apart by what they say. */
    private static final Comparator<Resource> FIRST_IN_FILES = Comparator.<Resource, String>comparing(
                    resource -> resource.place().file())
            .thenComparingInt(resource -> resource.place().line())
            .thenComparingInt(resource -> resource.place().column())
            .thenComparing(resource -> resource.body().toString());

    private DuplicateObjects() {}

    /** The objects by key. Of two with the same key the one that stands first in the files counts. */
    static Collection<Resource> without(Collection<Resource> resources, List<Problem> problems) {
        Map<ObjectKey, Resource> objects = new TreeMap<>();
        for (Resource resource : resources) {
            Resource other = objects.get(resource.key());
            if (other == null) {
                objects.put(resource.key(), resource);
                continue;
            }
            boolean later = FIRST_IN_FILES.compare(resource, other) > 0;
            objects.put(resource.key(), later ? other : resource);
            problems.add(new Problem(
                    Problem.Severity.ERROR,
                    "duplicate-object",
                    (later ? resource : other).place(),
                    resource.key(),
                    "",
                    "the object is defined twice, also at " + (later ? other : resource).place() + ", which counts",
                    "remove one, or rename it"));
        }
        return objects.values();
    }
}
