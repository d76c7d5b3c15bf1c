package dev.exeat.proxy.h2;

import java.util.EnumMap;
import java.util.Map;

/**
 * How many of each kind of {@link Abuse} a peer may do in an interval.
 *
 * @param counts at least 1 for each kind that is counted
 */
public record AbuseLimits(Map<Abuse, Integer> counts) {

    public AbuseLimits {
        counts = Map.copyOf(counts);
        for (Abuse kind : Abuse.values()) {
            if (kind.isCounted() && counts.getOrDefault(kind, 0) < 1) {
                throw new IllegalArgumentException("there is no limit of " + kind.plural());
            }
        }
    }

    /** The same for each kind. */
    public static AbuseLimits each(int count) {
        Map<Abuse, Integer> counts = new EnumMap<>(Abuse.class);
        for (Abuse kind : Abuse.values()) {
            if (kind.isCounted()) {
                counts.put(kind, count);
            }
        }
        return new AbuseLimits(counts);
    }

    /** The same with another limit for one kind. */
    public AbuseLimits with(Abuse kind, int count) {
        Map<Abuse, Integer> changed = new EnumMap<>(counts);
        changed.put(kind, count);
        return new AbuseLimits(changed);
    }

    /** Those of one kind; without end for a kind that is not counted. */
    int of(Abuse kind) {
        return counts.getOrDefault(kind, Integer.MAX_VALUE);
    }
}
