package dev.exeat.proxy.h2;

import java.time.Duration;
import java.util.EnumMap;

/**
 * Counts what costs more to take than to send, each kind for itself and per interval: the floods of CVE-2019-9511 to
 * 9518 and the rapid reset of CVE-2023-44487.
 */
final class FloodGuard {
    enum Kind {
        RESET("stream resets"),
        PING("PING frames"),
        SETTINGS("SETTINGS frames"),
        EMPTY("empty frames"),
        MALFORMED("malformed requests"),
        STRAY("frames for streams that are closed"),
        OTHER("frames that carry nothing");

        private final String plural;

        Kind(String plural) {
            this.plural = plural;
        }
    }

    private final int limit;
    private final long interval;
    private final EnumMap<Kind, Integer> counts = new EnumMap<>(Kind.class);
    private long begun;

    FloodGuard(int limit, Duration interval, long now) {
        this.limit = limit;
        this.interval = interval.toNanos();
        this.begun = now;
    }

    /** @throws H2Exception with ENHANCE_YOUR_CALM if there were too many of a kind */
    void count(Kind kind, long now) {
        if (now - begun >= interval) {
            counts.clear();
            begun = now;
        }
        if (counts.merge(kind, 1, Integer::sum) > limit) {
            throw H2Exception.calm("too many " + kind.plural);
        }
    }
}
