package dev.exeat.net;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands the listening sockets of this process to the next one that asks at a path (see {@link Takeover}). Both accept
 * until the other says that it serves, so that no connect is refused meanwhile; if it ends before that, nothing has
 * changed here.
 */
public final class HandoverOffer implements AutoCloseable {
    static final String TAKEOVER = "takeover 1";
    static final String PORTS = "ports";
    static final String REFUSED = "refused";
    static final String SERVING = "serving";
    static final String RELEASED = "released";

    private static final Logger LOG = LoggerFactory.getLogger(HandoverOffer.class);
    /** For the other's first words. */
    private static final Duration ASKING = Duration.ofSeconds(5);
    /** For its start. */
    private static final Duration STARTING = Duration.ofMinutes(2);

    /** What gives way. All calls come from one thread. */
    public interface Giver {
        /** Lets go of what two processes can't both have, and tells the ports to hand over, by name. */
        Map<String, Listener> suspend();

        /** The other process came to nothing: takes up again what {@link #suspend} let go. */
        void resume();

        /** The other process serves: lets go of every port. */
        void release();
    }

    private final Path path;
    private final UnixStream server;
    private final Giver giver;
    private volatile boolean over;

    private HandoverOffer(Path path, UnixStream server, Giver giver) {
        this.path = path;
        this.server = server;
        this.giver = giver;
    }

    /**
     * Waits for the next process, on a thread of its own. The path is made anew, its owner's alone.
     *
     * @throws HandoverException if there can be no socket at the path
     */
    public static HandoverOffer open(Path path, Giver giver) {
        try {
            Files.deleteIfExists(path);
            UnixStream server = UnixStream.listen(path);
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
            HandoverOffer offer = new HandoverOffer(path, server, giver);
            Thread.ofPlatform().daemon().name("handover").start(offer::serve);
            return offer;
        } catch (IOException e) {
            throw new HandoverException("cannot make the socket " + path + ": " + e.getMessage());
        }
    }

    private void serve() {
        while (!over) {
            try (UnixStream next = server.accept()) {
                if (next == null) {
                    return;
                }
                handOver(next);
            }
        }
    }

    private void handOver(UnixStream next) {
        try {
            next.patience(ASKING);
            if (!next.receive().equals(TAKEOVER)) {
                next.send(REFUSED + " this process does not know that kind of take-over", List.of());
                return;
            }
        } catch (HandoverException e) {
            LOG.atWarn().log("a process that wanted to take over went away: {}", e.getMessage());
            return;
        }
        LOG.info("another process takes over");
        Map<String, Listener> ports = giver.suspend();
        try {
            send(next, ports);
            next.patience(STARTING);
            if (!next.receive().equals(SERVING)) {
                throw new HandoverException("it does not speak as expected");
            }
        } catch (HandoverException e) {
            LOG.atError().log("the other process did not take over; this one goes on: {}", e.getMessage());
            giver.resume();
            return;
        }
        over = true;
        remove();
        giver.release();
        try {
            next.send(RELEASED, List.of());
        } catch (HandoverException e) {
            LOG.atWarn().log("the process that took over went away: {}", e.getMessage());
        }
    }

    private static void send(UnixStream next, Map<String, Listener> ports) {
        StringBuilder line = new StringBuilder(PORTS);
        List<Integer> sockets = new ArrayList<>();
        ports.forEach((name, listener) -> {
            List<Integer> own = sockets(listener);
            InetSocketAddress address = listener.address();
            line.append(' ')
                    .append(name)
                    .append(' ')
                    .append(address.getAddress().getHostAddress())
                    .append(' ')
                    .append(address.getPort())
                    .append(' ')
                    .append(own.size());
            sockets.addAll(own);
        });
        if (sockets.size() > UnixStream.MOST_DESCRIPTORS) {
            next.send(REFUSED + " this process has too many listening sockets", List.of());
            throw new HandoverException("there are more sockets than one message carries");
        }
        next.send(line.toString(), sockets);
    }

    private static List<Integer> sockets(Listener listener) {
        return switch (listener) {
            case EventLoops.Ports ports -> ports.sockets();
        };
    }

    /** The path is the next process's once this one has given way. */
    private void remove() {
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            LOG.atWarn().setCause(e).addKeyValue("path", path).log("the socket was not removed");
        }
    }

    @Override
    public void close() {
        if (!over) {
            over = true;
            remove();
        }
        server.close();
    }
}
