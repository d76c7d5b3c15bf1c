package dev.exeat.control.kube;

import java.util.HashMap;
import java.util.Map;

/** Bounds how many watches run at a time, in all and of one user, so that nobody takes all of them. Thread-safe. */
final class WatchPlaces {
    static final int MOST = 128;
    static final int MOST_OF_ONE = 64;

    private final Map<String, Integer> taken = new HashMap<>();
    private int all;

    /** A place that is taken. */
    final class Place implements AutoCloseable {
        private final String user;

        private Place(String user) {
            this.user = user;
        }

        @Override
        public void close() {
            give(user);
        }
    }

    /** @throws KubeException 429 if there is none */
    synchronized Place take(String user) {
        int own = taken.getOrDefault(user, 0);
        if (all >= MOST || own >= MOST_OF_ONE) {
            throw KubeException.tooMany("there are too many watches at one time; try again later");
        }
        taken.put(user, own + 1);
        all++;
        return new Place(user);
    }

    private synchronized void give(String user) {
        all--;
        taken.computeIfPresent(user, (_, own) -> own == 1 ? null : own - 1);
    }
}
