package dev.exeat.proxy.workload;

import dev.exeat.net.EventLoop;
import dev.exeat.net.Timeout;
import dev.exeat.proxy.h2.OpenHandler;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One loop's connections to the gateways: one is opened ahead, another when all are full, and lost ones are opened
 * again with back-off, the gateways taken in turn. A tunnel that finds no connection waits a short while for one;
 * it is never carried in another way. Confined to its loop.
 */
final class GatewayPool {
    private static final Duration WAIT = Duration.ofSeconds(5);
    private static final int MAX_WAITING = 1024;
    private static final int MAX_CARRIERS = 16;

    private final EventLoop loop;
    private final List<InetSocketAddress> gateways;
    private final Carrier.Opener opener;
    private final Backoff backoff;
    private final AtomicInteger readyPools;
    private final List<Carrier> carriers = new ArrayList<>();
    /** Made with an SVID that was renewed since, and used only until one of the current SVID is there. */
    private final Set<Carrier> outdated = Collections.newSetFromMap(new IdentityHashMap<>());

    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private @Nullable Carrier opening;
    private @Nullable Timeout retry;
    private int nextGateway;
    private String lastFailure = "no connection was tried yet";
    private boolean closed;
    private boolean counted;

    GatewayPool(
            EventLoop loop,
            List<InetSocketAddress> gateways,
            Carrier.Opener opener,
            Backoff backoff,
            AtomicInteger readyPools) {
        this.loop = loop;
        this.gateways = List.copyOf(gateways);
        this.opener = opener;
        this.backoff = backoff;
        this.readyPools = readyPools;
    }

    /** Opens the first connection, before any application asks for one. */
    void start() {
        connect();
    }

    /** Tells the proxy's readiness whether this loop has a connection. */
    private void count() {
        boolean has = !carriers.isEmpty();
        if (has != counted) {
            counted = has;
            readyPools.addAndGet(has ? 1 : -1);
        }
    }

    /** Asks for a tunnel; the handler is told when it is open, refused, or can't be had. */
    void open(String authority, OpenHandler handler) {
        Carrier carrier = mostAvailable();
        if (carrier != null) {
            carrier.open(authority, handler);
            openAhead();
            return;
        }
        if (closed || waiting.size() >= MAX_WAITING) {
            handler.failed(true, "no connection to a gateway (" + lastFailure + ")");
            return;
        }
        Waiting entry = new Waiting(authority, handler);
        entry.timeout = loop.schedule(WAIT, () -> {
            waiting.remove(entry);
            handler.failed(true, "no connection to a gateway (" + lastFailure + ")");
        });
        waiting.add(entry);
        connect();
    }

    private static final class Waiting {
        private final String authority;
        private final OpenHandler handler;
        private @Nullable Timeout timeout;

        Waiting(String authority, OpenHandler handler) {
            this.authority = authority;
            this.handler = handler;
        }
    }

    private @Nullable Carrier mostAvailable() {
        Carrier best = null;
        for (Carrier carrier : carriers) {
            if (carrier.available() > 0 && (best == null || carrier.available() > best.available())) {
                best = carrier;
            }
        }
        return best;
    }

    /** A connection that is nearly full has a successor before it is full. */
    private void openAhead() {
        int available = carriers.stream().mapToInt(Carrier::available).sum();
        if (available < Carrier.NEARLY_FULL && carriers.size() < MAX_CARRIERS) {
            connect();
        }
    }

    private void connect() {
        if (closed || opening != null || retry != null) {
            return;
        }
        InetSocketAddress gateway = gateways.get(nextGateway++ % gateways.size());
        opening = opener.open(loop, gateway, new Carrier.Owner() {
            @Override
            public void ready(Carrier carrier) {
                opened(carrier);
            }

            @Override
            public void retired(Carrier carrier) {
                forget(carrier);
                if (mostAvailable() == null) {
                    connect();
                }
            }

            @Override
            public void failed(Carrier carrier, String detail) {
                lost(carrier, gateway + ": " + detail);
            }
        });
    }

    private void opened(Carrier carrier) {
        opening = null;
        backoff.reset();
        carriers.add(carrier);
        if (outdated.contains(carrier)) {
            connect();
        } else {
            replaceOutdated();
        }
        count();
        while (!waiting.isEmpty() && carrier.available() > 0) {
            Waiting entry = waiting.remove();
            if (entry.timeout != null) {
                entry.timeout.cancel();
            }
            carrier.open(entry.authority, entry.handler);
        }
        if (!waiting.isEmpty()) {
            connect();
        }
    }

    private void replaceOutdated() {
        carriers.removeAll(outdated);
        List<Carrier> replaced = List.copyOf(outdated);
        outdated.clear();
        replaced.forEach(Carrier::drain);
    }

    private void forget(Carrier carrier) {
        carriers.remove(carrier);
        outdated.remove(carrier);
        count();
    }

    private void lost(Carrier carrier, String detail) {
        lastFailure = detail;
        boolean wasOpening = carrier.equals(opening);
        if (wasOpening) {
            opening = null;
        }
        forget(carrier);
        if (closed || opening != null || (mostAvailable() != null && outdated.isEmpty())) {
            return;
        }
        boolean moreGateways = wasOpening && nextGateway % gateways.size() != 0;
        if (moreGateways) {
            connect();
        } else if (retry == null) {
            retry = loop.schedule(backoff.next(), () -> {
                retry = null;
                connect();
            });
        }
    }

    /**
     * Once a connection made with the current SVID is open, new tunnels go over it; open tunnels stay where they are.
     * It is tried for until there is one, since the gateway refuses tunnels of the old SVID when that has expired.
     */
    void renew() {
        outdated.addAll(carriers);
        if (opening != null) {
            outdated.add(opening);
        }
        connect();
    }

    void close() {
        closed = true;
        if (retry != null) {
            retry.cancel();
        }
        if (opening != null) {
            opening.close();
        }
        List.copyOf(carriers).forEach(Carrier::close);
        waiting.forEach(w -> w.handler.failed(true, "the workload proxy is shutting down"));
        waiting.clear();
    }
}
