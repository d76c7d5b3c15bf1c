package dev.exeat.proxy.dial;

import dev.exeat.model.Cidr;
import dev.exeat.model.IpAddress;
import dev.exeat.model.Reason;
import dev.exeat.model.ServerName;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Judges each resolved address before it is dialled. An address of a special class is forbidden, as is one that
 * carries such an address within it; each forbidden form needs an exception of its own. The gateway's own listeners
 * are forbidden even to exceptions. Thread-safe if the suppliers are.
 */
public final class AddressGuard {
    private static final Cidr LOOPBACK = Cidr.parse("127.0.0.0/8");

    private final AddressTable table;
    private final List<AddressException> exceptions;
    private final Supplier<Set<Integer>> ownPorts;
    private final Supplier<Set<IpAddress>> localAddresses;

    /**
     * @param nat64 NAT64 prefixes of the operator's network beside the well-known ones (RFC 6052)
     * @param ownPorts the ports this process listens on; asked at each judgement, so that late listeners count
     * @param localAddresses the addresses of this machine's interfaces; asked only when an own port is named
     */
    public AddressGuard(
            List<AddressException> exceptions,
            List<Cidr> nat64,
            Supplier<Set<Integer>> ownPorts,
            Supplier<Set<IpAddress>> localAddresses) {
        this.table = new AddressTable(nat64);
        this.exceptions = List.copyOf(exceptions);
        this.ownPorts = ownPorts;
        this.localAddresses = localAddresses;
    }

    /** Judges one address for one name; {@code port} is the one that would be dialled. */
    public GuardVerdict judge(ServerName host, IpAddress address, int port) {
        return judge(host, address, port, List.of());
    }

    /**
     * The same with exceptions that the policy gives this connection alone.
     *
     * @param granted blocks that the name may resolve into, beside those of the guard's own exceptions
     */
    public GuardVerdict judge(ServerName host, IpAddress address, int port, List<Cidr> granted) {
        List<IpAddress> embedded = table.embedded(address);
        if (ownPorts.get().contains(port)
                && (isLocal(address) || embedded.stream().anyMatch(this::isLocal))) {
            return new GuardVerdict.Forbidden(Reason.SELF_CONNECTION, "self");
        }
        boolean excepted = false;
        AddressClass inner = null;
        for (IpAddress form : embedded) {
            AddressClass found = table.classify(form);
            if (found != null && excepts(host, form, granted)) {
                excepted = true;
            } else if (found != null) {
                inner = found;
            }
        }
        AddressClass outer = table.classify(address);
        if (outer != null && excepts(host, address, granted)) {
            excepted = true;
            outer = null;
        }
        AddressClass forbidden = nameOf(outer, inner);
        return forbidden == null
                ? new GuardVerdict.Allowed(excepted)
                : new GuardVerdict.Forbidden(Reason.ADDRESS_FORBIDDEN, forbidden.code());
    }

    /** The outer form names the trick, except for a mapped address, which has no class of its own. */
    private static @Nullable AddressClass nameOf(@Nullable AddressClass outer, @Nullable AddressClass inner) {
        return outer != null ? outer : inner;
    }

    private boolean excepts(ServerName host, IpAddress address, List<Cidr> granted) {
        for (Cidr block : granted) {
            if (block.contains(address)) {
                return true;
            }
        }
        for (AddressException exception : exceptions) {
            if (exception.covers(host, address)) {
                return true;
            }
        }
        return false;
    }

    /** Linux takes a connection to 0.0.0.0 or :: as one to itself, and the whole of 127/8 is this machine. */
    private boolean isLocal(IpAddress address) {
        if (address.isV4() && (LOOPBACK.contains(address) || address.octet(0) == 0)) {
            return true;
        }
        AddressClass found = table.classify(address);
        return found == AddressClass.LOOPBACK
                || found == AddressClass.UNSPECIFIED
                || localAddresses.get().contains(address);
    }
}
