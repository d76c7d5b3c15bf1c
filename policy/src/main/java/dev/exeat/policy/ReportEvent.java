package dev.exeat.policy;

import dev.exeat.model.Attempt;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Something to report about a connection.
 *
 * @param duration how long the connection has lasted; seen by expressions at its close
 * @param upstream the address that was dialled, or null where none was
 * @param check why the connection was refused, or null where it was not
 */
public record ReportEvent(
        Attempt attempt,
        Event event,
        Instant time,
        ByteCounts bytes,
        Duration duration,
        @Nullable InetSocketAddress upstream,
        @Nullable CheckStatus check) {

    public enum Event {
        OPEN,
        CONTINUE,
        CLOSE;

        private final String code = name().toLowerCase(Locale.ROOT);

        /** As expressions see it: {@code open}, {@code continue}, {@code close}. */
        public String code() {
            return code;
        }
    }
}
