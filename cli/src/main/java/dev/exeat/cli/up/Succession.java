package dev.exeat.cli.up;

import dev.exeat.net.HandoverException;
import dev.exeat.net.HandoverOffer;
import dev.exeat.net.Listener;
import dev.exeat.net.Takeover;
import dev.exeat.proxy.Gateway;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How one process follows another on the same data directory without refusing a connection: the new one inherits the
 * listening sockets, and starts while the old one still serves; then the old one drains.
 */
final class Succession implements HandoverOffer.Giver {
    private static final Logger LOG = LoggerFactory.getLogger(Succession.class);

    /** What two processes can't have at once. */
    private record Exclusive(Runnable suspend, Runnable resume) {}

    private final Deque<Exclusive> exclusive = new ArrayDeque<>();
    private final List<AutoCloseable> ports = new ArrayList<>();
    private Runnable handedOver = () -> {};
    private @Nullable Gateway gateway;

    private static Path socket(Path dataDir) {
        return dataDir.resolve("takeover.sock");
    }

    /**
     * Asks the process that holds the directory to give way.
     *
     * @throws HandoverException written for the operator, if there is none or it does not
     */
    static Takeover takeOver(Path dataDir) {
        return Takeover.from(socket(dataDir));
    }

    void onHandedOver(Runnable listener) {
        handedOver = listener;
    }

    /** Something to give up for the next process; what was added last is given up first. */
    void exclusive(Runnable suspend, Runnable resume) {
        exclusive.push(new Exclusive(suspend, resume));
    }

    /** A server that ends when the next process serves. */
    <T extends AutoCloseable> T port(T server) {
        ports.add(server);
        return server;
    }

    /** From now on the next process may take over; the offer ends with {@code closing}. */
    void offer(Path dataDir, Gateway serving, Closing closing) {
        gateway = serving;
        try {
            closing.add(HandoverOffer.open(socket(dataDir), this));
        } catch (HandoverException e) {
            LOG.atWarn().log("no other process can take over from this one: {}", e.getMessage());
        }
    }

    @Override
    public Map<String, Listener> suspend() {
        exclusive.forEach(one -> one.suspend().run());
        return gateway == null ? Map.of() : gateway.listeners();
    }

    @Override
    public void resume() {
        exclusive.descendingIterator().forEachRemaining(one -> {
            try {
                one.resume().run();
            } catch (RuntimeException e) {
                LOG.atError().setCause(e).log("connections are served, but no certificates are issued; restart");
            }
        });
    }

    @Override
    public void release() {
        if (gateway != null) {
            gateway.stopListening();
        }
        for (AutoCloseable port : ports) {
            try {
                port.close();
            } catch (Exception e) {
                LOG.atWarn().setCause(e).log("a port was not closed in order");
            }
        }
        handedOver.run();
    }
}
