package dev.exeat.control.importing;

import dev.exeat.model.Cidr;
import dev.exeat.model.HostPattern;
import dev.exeat.model.Place;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What must hold of a connection. Null where it does not matter. Immutable.
 *
 * @param hosts of which one must cover the host
 * @param blocks of which one must hold the client's address
 */
record SquidCondition(
        @Nullable List<HostPattern> hosts,
        @Nullable List<Cidr> blocks,
        @Nullable PortSpans ports) {
    static final SquidCondition NONE = new SquidCondition(null, null, null);
    /** More comparisons than this are a file that nobody wrote by hand. */
    private static final long MAX_COMPARISONS = 2_000_000;

    SquidCondition and(SquidAcl acl) {
        return switch (acl) {
            case SquidAcl.Hosts(List<HostPattern> more) -> new SquidCondition(both(hosts, more), blocks, ports);
            case SquidAcl.Blocks(List<Cidr> more) -> new SquidCondition(hosts, bothBlocks(blocks, more), ports);
            case SquidAcl.Ports(PortSpans more) ->
                new SquidCondition(hosts, blocks, ports == null ? more : ports.and(more));
            default -> this;
        };
    }

    SquidCondition and(SquidCondition other) {
        SquidCondition both = this;
        both = other.hosts == null ? both : both.and(new SquidAcl.Hosts(other.hosts));
        both = other.blocks == null ? both : both.and(new SquidAcl.Blocks(other.blocks));
        return other.ports == null ? both : both.and(new SquidAcl.Ports(other.ports));
    }

    boolean isNone() {
        return hosts == null && blocks == null && ports == null;
    }

    /** Whether nothing can meet it. */
    boolean isImpossible() {
        return (hosts != null && hosts.isEmpty())
                || (blocks != null && blocks.isEmpty())
                || (ports != null && ports.isEmpty());
    }

    private static List<HostPattern> both(@Nullable List<HostPattern> known, List<HostPattern> more) {
        if (known == null) {
            return more;
        }
        bound(known.size(), more.size());
        Set<HostPattern> both = new LinkedHashSet<>();
        for (HostPattern one : known) {
            for (HostPattern two : more) {
                if (ForeignNames.covers(one, two)) {
                    both.add(two);
                } else if (ForeignNames.covers(two, one)) {
                    both.add(one);
                }
            }
        }
        return List.copyOf(both);
    }

    private static List<Cidr> bothBlocks(@Nullable List<Cidr> known, List<Cidr> more) {
        if (known == null) {
            return more;
        }
        bound(known.size(), more.size());
        List<Cidr> both = new ArrayList<>();
        for (Cidr one : known) {
            for (Cidr two : more) {
                if (one.prefix() <= two.prefix() ? one.contains(two.address()) : two.contains(one.address())) {
                    both.add(one.prefix() <= two.prefix() ? two : one);
                }
            }
        }
        return both;
    }

    private static void bound(long left, long right) {
        if (left * right > MAX_COMPARISONS) {
            throw new ImportException(Place.UNKNOWN, "the lists are too long to be compared", "");
        }
    }
}
