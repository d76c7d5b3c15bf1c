package dev.exeat.policy.egress;

import dev.exeat.model.InvalidNameException;
import dev.exeat.model.SpiffeId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A SPIFFE ID in which {@code *} stands for one whole segment of the path, and a last {@code **} for one or more. The
 * trust domain is always written out. Immutable.
 */
public final class SpiffePattern {
    private static final String ONE = "*";
    private static final String REST = "**";

    private final String text;
    private final String trustDomain;
    private final List<String> segments;

    private SpiffePattern(String text, String trustDomain, List<String> segments) {
        this.text = text;
        this.trustDomain = trustDomain;
        this.segments = segments;
    }

    /** @throws InvalidNameException if it is not such a pattern */
    public static SpiffePattern parse(String text) {
        int slash = text.indexOf('/', SpiffeId.SCHEME.length());
        if (!text.startsWith(SpiffeId.SCHEME) || slash < 0) {
            throw new InvalidNameException("a SPIFFE ID is written spiffe://trust-domain/path");
        }
        List<String> segments = List.of(text.substring(slash + 1).split("/", -1));
        for (int i = 0; i < segments.size(); i++) {
            String segment = segments.get(i);
            boolean star = segment.equals(ONE) || (segment.equals(REST) && i == segments.size() - 1);
            if (!star && segment.indexOf('*') >= 0) {
                throw new InvalidNameException(
                        "* stands for a whole segment of the path, and ** for the rest of it, at the end alone");
            }
        }
        // The rules for what is written out are those of an ID.
        SpiffeId id = SpiffeId.parse(text.replace('*', 'x'));
        return new SpiffePattern(text, id.trustDomain(), segments);
    }

    /** The one ID that it covers, or null where it covers others too. */
    public @Nullable SpiffeId exact() {
        return segments.contains(ONE) || segments.contains(REST) ? null : SpiffeId.parse(text);
    }

    public boolean matches(SpiffeId id) {
        if (!id.trustDomain().equals(trustDomain)) {
            return false;
        }
        String path = id.path();
        int start = 0;
        for (String segment : segments) {
            if (start > path.length()) {
                return false;
            }
            if (segment.equals(REST)) {
                return true;
            }
            int slash = path.indexOf('/', start);
            int end = slash < 0 ? path.length() : slash;
            if (!segment.equals(ONE) && !(segment.length() == end - start && path.startsWith(segment, start))) {
                return false;
            }
            start = end + 1;
        }
        return start == path.length() + 1;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SpiffePattern pattern && pattern.text.equals(text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}
