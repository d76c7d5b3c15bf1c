package dev.exeat.policy;

import dev.exeat.model.Resource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/**
 * What one set of resources has that another has not. Resources are immutable and told apart by identity, which takes no
 * time where nothing changed: what was not read again is the same object.
 *
 * @param gone which only the earlier set has
 * @param come which only the later one has
 */
public record ResourceChange(List<Resource> gone, List<Resource> come) {
    public ResourceChange {
        gone = List.copyOf(gone);
        come = List.copyOf(come);
    }

    @SuppressWarnings("ReferenceEquality") // Whether they say the same is another question, and takes long to answer.
    public static ResourceChange between(List<Resource> before, List<Resource> now) {
        int shorter = Math.min(before.size(), now.size());
        int same = 0;
        while (same < shorter && before.get(same) == now.get(same)) {
            same++;
        }
        int sameAtEnd = 0;
        while (sameAtEnd < shorter - same
                && before.get(before.size() - 1 - sameAtEnd) == now.get(now.size() - 1 - sameAtEnd)) {
            sameAtEnd++;
        }
        List<Resource> old = before.subList(same, before.size() - sameAtEnd);
        List<Resource> fresh = now.subList(same, now.size() - sameAtEnd);
        return new ResourceChange(without(old, fresh), without(fresh, old));
    }

    private static List<Resource> without(List<Resource> some, List<Resource> others) {
        if (others.isEmpty()) {
            return some;
        }
        Set<Resource> known = Collections.newSetFromMap(new IdentityHashMap<>(others.size()));
        known.addAll(others);
        List<Resource> left = new ArrayList<>();
        for (Resource resource : some) {
            if (!known.contains(resource)) {
                left.add(resource);
            }
        }
        return left;
    }

    public boolean isEmpty() {
        return gone.isEmpty() && come.isEmpty();
    }
}
