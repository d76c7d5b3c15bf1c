package dev.exeat.cli.up;

import java.net.InetSocketAddress;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The ports that this process listens on, which no connection may be dialled to. Thread-safe. */
final class OwnPorts implements Supplier<Set<Integer>> {
    private final Set<Integer> ports = new CopyOnWriteArraySet<>();

    void add(@Nullable InetSocketAddress address) {
        if (address != null) {
            ports.add(address.getPort());
        }
    }

    @Override
    public Set<Integer> get() {
        return ports;
    }
}
