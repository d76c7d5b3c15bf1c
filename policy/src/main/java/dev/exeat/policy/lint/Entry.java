package dev.exeat.policy.lint;

import dev.exeat.policy.lint.cover.Claim;
import dev.exeat.policy.manifest.Field;
import java.util.List;

/**
 * An entry that may cover others, and be covered.
 *
 * @param parts what it names, each with its place: the whole, or a host each
 */
record Entry(Kind kind, Claim claim, List<Part> parts) {

    enum Kind {
        REGISTRY("makes nothing known"),
        EGRESS_ALLOW("allows nothing more"),
        EGRESS_DENY("denies nothing more"),
        AUTHORIZATION_ALLOW("allows nothing more"),
        AUTHORIZATION_DENY("denies nothing more");

        private final String vain;

        Kind(String vain) {
            this.vain = vain;
        }

        /** What it does if it is covered, for people. */
        String vain() {
            return vain;
        }
    }

    /** @param what for people */
    record Part(String what, Field place, Claim claim) {}
}
