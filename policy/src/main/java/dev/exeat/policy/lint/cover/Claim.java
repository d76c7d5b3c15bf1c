package dev.exeat.policy.lint.cover;

import dev.exeat.model.ObjectKey;
import java.time.Instant;
import java.util.Map;
import java.util.Set;

/**
 * What an entry of an object is about: of each axis that is given one term must hold; an axis that is not given restricts
 * nothing. Immutable.
 *
 * @param entry the number of the entry in its object
 * @param end until when it holds; {@link Instant#MAX} for ever
 */
public record Claim(ObjectKey object, int entry, Map<Axis, Set<Term>> axes, Instant end) {
    public Claim {
        axes = Map.copyOf(axes);
    }

    /** What may be asked for; of several an index takes the first. */
    public enum Axis {
        CLIENT,
        PRINCIPAL,
        SERVICE_ACCOUNT,
        NAMESPACE,
        HOST,
        SERVER_NAME,
        SOURCE,
        TRUST_DOMAIN,
        PORT,
        EXPORT,
        OTHER
    }

    /** Whether it holds wherever another one does. */
    boolean covers(Claim other) {
        if (end.isBefore(other.end)) {
            return false;
        }
        for (Map.Entry<Axis, Set<Term>> axis : axes.entrySet()) {
            Set<Term> narrower = other.axes.get(axis.getKey());
            if (narrower == null) {
                return false;
            }
            for (Term term : narrower) {
                if (term.covering().stream().noneMatch(axis.getValue()::contains)) {
                    return false;
                }
            }
        }
        return true;
    }

    boolean isOf(Claim other) {
        return object.equals(other.object) && entry == other.entry;
    }
}
