package dev.exeat.proxy.dns;

import dev.exeat.model.IpAddress;
import dev.exeat.model.Reason;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;

/**
 * Follows the CNAME records from the name that was asked to its addresses, over one reply or several. Only records on
 * this way count; what else a reply holds is not looked at. No more links than its limit, and never one twice.
 */
final class Chain {
    private static final long MAX_TTL = 0x7fff_ffffL;

    private final int type;
    private final int maxLinks;
    private final Set<Name> seen = new LinkedHashSet<>();
    private Name current;
    private long ttl = MAX_TTL;

    Chain(Name name, int type, int maxLinks) {
        this.maxLinks = maxLinks;
        this.current = name;
        this.type = type;
        seen.add(name);
    }

    /** What is to be asked next. */
    Question question() {
        return new Question(current, type);
    }

    /** What the reply to {@link #question} ends in, or null if the next question must be asked. */
    @Nullable
    Family follow(Reply reply) throws DnsFailure {
        boolean moved = false;
        while (true) {
            List<IpAddress> addresses = addresses(reply);
            if (!addresses.isEmpty()) {
                List<Name> aliases = List.copyOf(seen).subList(1, seen.size());
                return new Family.Found(addresses, aliases, ttl);
            }
            Name target = target(reply);
            if (target == null) {
                break;
            }
            if (!seen.add(target)) {
                throw new DnsFailure(Reason.DNS_ERROR, "The name's CNAME records form a loop.");
            }
            if (seen.size() > maxLinks + 1) {
                throw new DnsFailure(
                        Reason.DNS_TOO_DEEP, "The name's chain of CNAME records is longer than " + maxLinks + ".");
            }
            current = target;
            moved = true;
        }
        boolean noName = reply.rcode() == Rcode.NXDOMAIN;
        // A recursive server that leaves the chain open without a SOA record did not look further (RFC 2308 section 2).
        return noName || reply.soa() != null || !moved ? new Family.None(noName, negativeTtl(reply.soa())) : null;
    }

    private List<IpAddress> addresses(Reply reply) {
        Set<IpAddress> addresses = new LinkedHashSet<>();
        for (Record record : reply.answers()) {
            if (isCurrent(record) && record.getType() == type) {
                IpAddress address = address(record);
                if (address != null && addresses.add(address)) {
                    lower(record);
                }
            }
        }
        return List.copyOf(addresses);
    }

    private static @Nullable IpAddress address(Record record) {
        return switch (record) {
            case ARecord a -> IpAddress.of(a.getAddress().getAddress());
            case AAAARecord aaaa -> IpAddress.of(aaaa.rdataToWireCanonical());
            default -> null;
        };
    }

    private @Nullable Name target(Reply reply) {
        for (Record record : reply.answers()) {
            if (isCurrent(record) && record instanceof CNAMERecord cname) {
                lower(record);
                return cname.getTarget();
            }
        }
        return null;
    }

    private boolean isCurrent(Record record) {
        return record.getDClass() == DClass.IN && record.getName().equals(current);
    }

    /** RFC 2181 section 8: a time to live with the top bit set counts as zero. */
    private void lower(Record record) {
        long own = record.getTTL();
        ttl = Math.min(ttl, own < 0 || own > MAX_TTL ? 0 : own);
    }

    /** RFC 2308 section 5. */
    private static long negativeTtl(@Nullable SOARecord soa) {
        return soa == null ? 0 : Math.min(soa.getTTL(), soa.getMinimum());
    }
}
