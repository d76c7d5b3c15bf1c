package dev.exeat.proxy.dial;

import dev.exeat.model.IpAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** The addresses of this machine's interfaces, read anew at most every ten seconds. Thread-safe. */
public final class LocalAddresses implements Supplier<Set<IpAddress>> {
    private static final long FRESH_NANOS = 10_000_000_000L;

    private record Snapshot(Set<IpAddress> addresses, long takenNanos) {}

    private final LongSupplier nanos;
    private volatile Snapshot snapshot;

    public LocalAddresses(LongSupplier nanos) {
        this.nanos = nanos;
        this.snapshot = new Snapshot(read(), nanos.getAsLong());
    }

    @Override
    public Set<IpAddress> get() {
        Snapshot current = snapshot;
        if (nanos.getAsLong() - current.takenNanos > FRESH_NANOS) {
            current = new Snapshot(read(), nanos.getAsLong());
            snapshot = current;
        }
        return current.addresses;
    }

    private static Set<IpAddress> read() {
        try {
            return NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .map(IpAddress::of)
                    .collect(Collectors.toUnmodifiableSet());
        } catch (SocketException e) {
            throw new IllegalStateException(
                    "The addresses of this machine's network interfaces cannot be read: " + e.getMessage(), e);
        }
    }
}
