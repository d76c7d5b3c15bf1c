package dev.exeat.proxy.dns;

import dev.exeat.model.IpAddress;
import dev.exeat.model.Reason;
import java.time.Duration;
import java.util.List;

/** What a name resolves to, or why it does not. */
public sealed interface Resolution {

    /**
     * @param addresses at least one; IPv6 and IPv4 in turn, IPv6 first (RFC 8305 section 4)
     * @param cnames the names that CNAME records led to, in order; hostile text within the bounds of DNS names
     * @param ttl how long the answer may be used; zero for no longer than this once
     */
    record Resolved(List<IpAddress> addresses, List<String> cnames, Duration ttl) implements Resolution {
        public Resolved {
            addresses = List.copyOf(addresses);
            cnames = List.copyOf(cnames);
            if (addresses.isEmpty()) {
                throw new IllegalArgumentException("A resolved name has an address.");
            }
        }
    }

    /**
     * @param reason one of those that begin with {@code DNS_}
     * @param detail one sentence for people
     */
    record Failed(Reason reason, String detail) implements Resolution {}
}
