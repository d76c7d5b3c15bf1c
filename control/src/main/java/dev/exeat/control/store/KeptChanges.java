package dev.exeat.control.store;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** The last changes of a store, in their order. Not thread-safe. */
final class KeptChanges {
    private final int most;
    private final Deque<Change> changes = new ArrayDeque<>();

    KeptChanges(int most) {
        this.most = most;
    }

    void replace(Collection<Change> all) {
        changes.clear();
        changes.addAll(all);
    }

    void add(Change change) {
        changes.addLast(change);
        if (changes.size() > most) {
            changes.removeFirst();
        }
    }

    /** The version up to which nothing is kept any more when these have been added; 0 where all is. */
    long forgottenWith(List<Change> more) {
        int over = changes.size() + more.size() - most;
        if (over <= 0) {
            return 0;
        }
        return over <= changes.size()
                ? changes.stream().skip(over - 1L).findFirst().orElseThrow().resourceVersion()
                : more.get(over - changes.size() - 1).resourceVersion();
    }

    /**
     * The changes after a version; nothing where they are not kept any more, or it is still to come.
     *
     * @param version of the store now
     */
    Optional<List<Change>> since(long since, long version) {
        if (since < 0 || since > version || (since < version && since < oldest(version) - 1)) {
            return Optional.empty();
        }
        List<Change> found = new ArrayList<>();
        for (Change change : (Iterable<Change>) changes::descendingIterator) {
            if (change.resourceVersion() <= since) {
                break;
            }
            found.add(change);
        }
        return Optional.of(found.reversed());
    }

    /** The version of the first change that is kept, or the next one. */
    long oldest(long version) {
        return changes.isEmpty() ? version + 1 : changes.getFirst().resourceVersion();
    }
}
