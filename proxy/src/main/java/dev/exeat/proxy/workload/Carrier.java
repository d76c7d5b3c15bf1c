package dev.exeat.proxy.workload;

import dev.exeat.net.EventLoop;
import dev.exeat.proxy.h2.OpenHandler;
import java.net.InetSocketAddress;

/** One mutual TLS connection to a gateway that carries tunnels. Confined to its loop. */
interface Carrier {
    /** With fewer free tunnels than this, another connection is opened ahead. */
    int NEARLY_FULL = 8;

    /** Opens carriers; calls back later, never from within. */
    interface Opener {
        Carrier open(EventLoop loop, InetSocketAddress gateway, Owner owner);
    }

    /** Is told what became of a carrier. */
    interface Owner {
        /** Tunnels can be opened. */
        void ready(Carrier carrier);

        /** No new tunnels can be opened; those that are open go on. */
        void retired(Carrier carrier);

        /** The connection could not be opened, or ended; its tunnels are told by themselves. */
        void failed(Carrier carrier, String detail);
    }

    /** How many more tunnels can be opened now. */
    int available();

    void open(String authority, OpenHandler handler);

    /** Opens no more tunnels and ends with the last one. */
    void drain();

    void close();
}
