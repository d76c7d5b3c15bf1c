package dev.exeat.net;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The listening sockets of a running process, which goes on until {@link #serving}. Confined to one thread. If this is
 * closed, or the process ends, before that, the other goes on as if nothing had been.
 */
public final class Takeover implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final UnixStream other;
    private final Map<String, InheritedPort> ports;

    private Takeover(UnixStream other, Map<String, InheritedPort> ports) {
        this.other = other;
        this.ports = ports;
    }

    /**
     * Asks the process that offers at the path, and waits until it has let go of what only one can have.
     *
     * @throws HandoverException if none offers there, or it does not give way
     */
    public static Takeover from(Path path) {
        UnixStream other = connect(path);
        try {
            other.patience(PATIENCE);
            other.send(HandoverOffer.TAKEOVER, List.of());
            String answer = other.receive();
            return new Takeover(other, parse(answer, other.takeDescriptors()));
        } catch (HandoverException e) {
            other.close();
            throw e;
        }
    }

    private static UnixStream connect(Path path) {
        try {
            return UnixStream.connect(path);
        } catch (HandoverException e) {
            throw new HandoverException("no process hands over at " + path + " (" + e.getMessage() + ")");
        }
    }

    private static Map<String, InheritedPort> parse(String answer, List<Integer> sockets) {
        String[] words = answer.split(" ");
        if (!words[0].equals(HandoverOffer.PORTS) || words.length % 4 != 1) {
            throw new HandoverException("it answered: " + answer);
        }
        Map<String, InheritedPort> ports = new LinkedHashMap<>();
        int next = 0;
        try {
            for (int i = 1; i < words.length; i += 4) {
                InetAddress address = InetAddress.ofLiteral(words[i + 1]);
                int count = Integer.parseInt(words[i + 3]);
                ports.put(
                        words[i],
                        new InheritedPort(
                                new InetSocketAddress(address, Integer.parseInt(words[i + 2])),
                                sockets.subList(next, next + count)));
                next += count;
            }
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new HandoverException("its answer does not fit the sockets that came with it: " + answer);
        }
        return ports;
    }

    /** The port of this name, or null where the other process has none. */
    public @Nullable InheritedPort port(String name) {
        return ports.get(name);
    }

    /**
     * Says that this process serves now, and waits until the other has let go of all its ports.
     *
     * @throws HandoverException if it does not
     */
    public void serving() {
        other.send(HandoverOffer.SERVING, List.of());
        if (!other.receive().equals(HandoverOffer.RELEASED)) {
            throw new HandoverException("the other process did not let go of its ports");
        }
    }

    /** Closes what nobody has taken. */
    @Override
    public void close() {
        ports.values().forEach(InheritedPort::close);
        other.close();
    }
}
