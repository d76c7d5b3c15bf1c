package dev.exeat.proxy;

import java.security.SecureRandom;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Gives each connection an id: a part drawn at random for the process, and a number that counts up without gaps,
 * so that a reader of the records sees whether one is missing. Safe for any thread.
 */
public final class ConnectionIds {
    private static final int RANDOM_BITS = 40;

    private final String prefix;
    private final AtomicLong last = new AtomicLong();

    public ConnectionIds(SecureRandom random) {
        long drawn = random.nextLong() >>> (Long.SIZE - RANDOM_BITS);
        this.prefix = Long.toString(drawn, 36) + "-";
    }

    public String next() {
        return prefix + last.incrementAndGet();
    }
}
