package dev.exeat.proxy.h2;

import org.jspecify.annotations.Nullable;

/**
 * How a connection ended.
 *
 * @param clean whether both sides had nothing left to do
 * @param detail one sentence for the log, without the peer's bytes
 * @param abuse what the peer did too much of, or null
 */
public record H2Closed(
        boolean clean, String detail, @Nullable Abuse abuse) {
    H2Closed(boolean clean, String detail) {
        this(clean, detail, null);
    }
}
