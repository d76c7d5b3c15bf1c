package dev.exeat.policy.lint.hosts;

import dev.exeat.model.HostPattern;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/** What a number of patterns cover together; the time of a question grows with the labels of a name alone. */
public final class HostCover {
    private final Set<HostPattern> patterns = new HashSet<>();
    /** The endings of all that is covered. */
    private final Set<String> endings = new HashSet<>();

    public HostCover add(HostPattern pattern) {
        patterns.add(pattern);
        endings.addAll(HostNames.above(pattern.suffix()));
        if (pattern.wildcard()) {
            endings.add(pattern.suffix());
        }
        return this;
    }

    public HostCover addAll(Collection<HostPattern> all) {
        all.forEach(this::add);
        return this;
    }

    public boolean isEmpty() {
        return patterns.isEmpty();
    }

    /** Whether one of the patterns covers every name that this one does. */
    public boolean covers(HostPattern pattern) {
        for (HostPattern covering : HostNames.covering(pattern)) {
            if (patterns.contains(covering)) {
                return true;
            }
        }
        return false;
    }

    /** Whether there is a name that this pattern and one of the others cover. */
    public boolean meets(HostPattern pattern) {
        if (covers(pattern)) {
            return true;
        }
        return pattern.wildcard() && (pattern.suffix().isEmpty() ? !isEmpty() : endings.contains(pattern.suffix()));
    }
}
