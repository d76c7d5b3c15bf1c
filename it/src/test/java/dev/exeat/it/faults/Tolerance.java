package dev.exeat.it.faults;

import dev.exeat.it.faults.Route.Role;
import java.util.EnumSet;
import java.util.Set;

/**
 * What a fault may do to connections that were open while it lasted. Nothing else may fail.
 *
 * @param roles processes whose connections may fail
 * @param sites upstreams whose connections may fail
 * @param killed processes that end without a word: their kernel closes the sockets, in order where the other side had
 *     nothing unread in flight, and no record is written
 */
record Tolerance(Set<Role> roles, Set<Site> sites, Set<Role> killed, boolean siteDies) {
    static final Tolerance NONE =
            new Tolerance(EnumSet.noneOf(Role.class), EnumSet.noneOf(Site.class), EnumSet.noneOf(Role.class), false);

    static Tolerance of(Role... roles) {
        return new Tolerance(
                EnumSet.copyOf(Set.of(roles)), EnumSet.noneOf(Site.class), EnumSet.noneOf(Role.class), false);
    }

    static Tolerance killed(Role role) {
        return new Tolerance(EnumSet.of(role), EnumSet.noneOf(Site.class), EnumSet.of(role), false);
    }

    /** @param dies whether the kernel of the upstream's side closes its sockets, which may look like an end in order */
    static Tolerance site(Site site, boolean dies) {
        return new Tolerance(EnumSet.noneOf(Role.class), EnumSet.of(site), EnumSet.noneOf(Role.class), dies);
    }

    boolean mayFail(Visit visit) {
        return roles.stream().anyMatch(visit.route()::passes) || sites.stream().anyMatch(visit::isTo);
    }

    /** Whether the client may have seen an end in order before all had come. */
    boolean mayTruncate(Visit visit) {
        boolean plain = !visit.route().hasTlsToClient() && killed.stream().anyMatch(visit.route()::passes);
        return plain || (siteDies && sites.stream().anyMatch(visit::isTo));
    }

    boolean mayLackRecord(Visit visit) {
        return killed.contains(visit.route().recorder());
    }
}
