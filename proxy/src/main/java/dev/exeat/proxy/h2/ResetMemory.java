package dev.exeat.proxy.h2;

import java.util.LinkedHashSet;

/** The streams that this side reset last: what the peer sent before it knew is no fault (RFC 9113 section 5.1). */
final class ResetMemory {
    private static final int MAX = 1024;

    private final LinkedHashSet<Integer> ids = new LinkedHashSet<>();

    void add(int id) {
        if (ids.size() == MAX) {
            ids.removeFirst();
        }
        ids.add(id);
    }

    boolean contains(int id) {
        return ids.contains(id);
    }
}
