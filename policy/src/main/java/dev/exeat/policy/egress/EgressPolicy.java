package dev.exeat.policy.egress;

import dev.exeat.model.Cidr;
import dev.exeat.model.HostPattern;
import dev.exeat.model.ObjectKey;
import dev.exeat.model.Place;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One object, read; selectors and host sets are not looked up yet.
 *
 * @param until when the audit ends, or the allowance; null for never
 * @param about why it is there, for people
 */
public record EgressPolicy(
        ObjectKey key,
        Tier tier,
        Action action,
        Mode mode,
        @Nullable Instant until,
        About about,
        List<Source> sources,
        List<Destination> destinations,
        Conditions conditions) {
    public EgressPolicy {
        sources = List.copyOf(sources);
        destinations = List.copyOf(destinations);
    }

    /** Who keeps the policy. */
    public enum Tier {
        /** Kept by those who run the gateway, in the root namespace; holds for every client. */
        PLATFORM,
        /** Kept by a team; in another namespace than the root's it holds for that namespace's clients alone. */
        TEAM
    }

    public enum Action {
        ALLOW,
        DENY
    }

    public enum Mode {
        ENFORCE,
        /** Taken as if it were in force, and recorded; nothing is denied by it. */
        AUDIT
    }

    /** Empty where not said. */
    public record About(String owner, String reason, String ticket) {
        public static final About NOTHING = new About("", "", "");

        static About of(String owner, String reason, String ticket) {
            boolean nothing = owner.isEmpty() && reason.isEmpty() && ticket.isEmpty();
            return nothing ? NOTHING : new About(owner, reason, ticket);
        }
    }

    /**
     * Whom the policy selects; all that is given must hold, and of each list one.
     *
     * @param serviceAccounts as {@code namespace/name}
     * @param accounts labels of ServiceAccount objects, or null where not asked for
     * @param namespaceLabels labels of Namespace objects, or null where not asked for
     * @param blocks of addresses, for listeners without identities
     */
    public record Source(
            Set<String> serviceAccounts,
            Set<String> namespaces,
            @Nullable LabelSelector accounts,
            @Nullable LabelSelector namespaceLabels,
            List<SpiffePattern> ids,
            List<Cidr> blocks) {
        public Source {
            serviceAccounts = Set.copyOf(serviceAccounts);
            namespaces = Set.copyOf(namespaces);
            ids = List.copyOf(ids);
            blocks = List.copyOf(blocks);
        }
    }

    /**
     * What may be reached, or not.
     *
     * @param hosts named in the policy itself
     * @param sets names of HostSet objects, as {@code namespace/name} or in the policy's namespace, else the root's
     * @param ports empty for every port, as in a denial that names none
     * @param exceptions blocks that these hosts may resolve into although the address guard forbids them
     */
    public record Destination(
            List<HostPattern> hosts, List<SetReference> sets, Set<Integer> ports, List<Cidr> exceptions) {
        public Destination {
            hosts = List.copyOf(hosts);
            sets = List.copyOf(sets);
            ports = Set.copyOf(ports);
            exceptions = List.copyOf(exceptions);
        }
    }

    public record SetReference(String name, Place place, String field) {}
}
