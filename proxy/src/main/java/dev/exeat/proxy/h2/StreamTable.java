package dev.exeat.proxy.h2;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;

/**
 * The streams of a connection that are open or half-closed, and those that this side reset last: what the peer sent
 * before it knew of a reset is no fault (RFC 9113 section 5.1).
 */
final class StreamTable {
    private static final int MAX_REMEMBERED = 1024;

    private final Map<Integer, H2Stream> streams = new HashMap<>();
    private final LinkedHashSet<Integer> resets = new LinkedHashSet<>();
    private final LinkedHashSet<Integer> resettable = new LinkedHashSet<>();
    private int lastPeerStream;

    void add(H2Stream stream) {
        streams.put(stream.id(), stream);
    }

    @Nullable
    H2Stream find(int id) {
        return streams.get(id);
    }

    boolean holds(H2Stream stream) {
        return stream.equals(streams.get(stream.id()));
    }

    /** Whether it was there. */
    boolean remove(H2Stream stream) {
        return streams.remove(stream.id(), stream);
    }

    void rememberReset(int id) {
        remember(id, resets);
    }

    private static void remember(int id, SequencedSet<Integer> ids) {
        if (ids.size() == MAX_REMEMBERED) {
            ids.removeFirst();
        }
        ids.add(id);
    }

    /** The stream has ended in both directions here, but the peer may not know yet and reset it, once. */
    void expectReset(int id) {
        remember(id, resettable);
    }

    /** Whether a reset of this ended stream is no fault; another one is. */
    boolean takesReset(int id) {
        return resettable.remove(id);
    }

    boolean wasReset(int id) {
        return resets.contains(id);
    }

    int size() {
        return streams.size();
    }

    /** A copy, so that streams may end while it is gone through. */
    List<H2Stream> all() {
        return List.copyOf(streams.values());
    }

    void clear() {
        streams.clear();
    }

    /** The highest stream that the peer opened. */
    int lastPeerStream() {
        return lastPeerStream;
    }

    void peerOpened(int id) {
        lastPeerStream = id;
    }
}
