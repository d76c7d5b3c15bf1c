package dev.exeat.bench.upstream;

import dev.exeat.net.EventLoops;
import dev.exeat.net.Listener;
import dev.exeat.net.LoopOptions;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** A server on one event loop that answers as {@link dev.exeat.bench.wire.AppTls} says. Safe for any thread. */
public final class Upstream implements AutoCloseable {
    private final EventLoops loops;
    private final Listener listener;

    private Upstream(EventLoops loops, Listener listener) {
        this.loops = loops;
        this.listener = listener;
    }

    /** On a free port of 127.0.0.1. */
    public static Upstream start() {
        EventLoops loops = EventLoops.start(new LoopOptions(1, "upstream"));
        Octets octets = new Octets();
        InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        Listener listener = loops.listen(anyPort, stream -> stream.handler(new Answering(octets)));
        return new Upstream(loops, listener);
    }

    public int port() {
        return listener.address().getPort();
    }

    @Override
    public void close() {
        listener.close();
        loops.close();
    }
}
