package dev.exeat.policy.lint;

import dev.exeat.model.HostPattern;
import dev.exeat.model.ObjectKey;
import dev.exeat.model.Place;

/**
 * A host that an object names.
 *
 * @param list the path of the list it stands in
 */
record HostUse(ObjectKey object, Role role, HostPattern pattern, Place place, String field, String list) {

    /** What naming it is for. */
    enum Role {
        REGISTRY,
        GATEWAY,
        ROUTE,
        EGRESS_ALLOW,
        EGRESS_DENY,
        HOST_SET,
        AUTHORIZATION_ALLOW,
        AUTHORIZATION_DENY,
        LIST_ALLOW,
        LIST_DENY,
        /** It is compared with, or excluded. */
        MENTION;

        boolean denies() {
            return this == EGRESS_DENY || this == AUTHORIZATION_DENY || this == LIST_DENY;
        }

        /** Whether it lets connections pass, with others or alone. */
        boolean admits() {
            return this == REGISTRY || this == EGRESS_ALLOW || this == AUTHORIZATION_ALLOW || this == HOST_SET;
        }
    }
}
