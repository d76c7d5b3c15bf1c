package dev.exeat.model;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;

/**
 * One line that a user's own {@code logentry} or {@code metric} instance asked for; the stream says where it goes.
 *
 * @param instance the instance's displayed name, for example {@code egress-access.instance.istio-system}
 * @param variables by byte order of the name
 */
public record LogEntry(Stream stream, Level level, Instant time, String instance, SortedMap<String, Value> variables) {

    public enum Level {
        INFO,
        WARN,
        ERROR;

        private final String code = name().toLowerCase(Locale.ROOT);

        public String code() {
            return code;
        }
    }

    /** Where a {@code stdio} handler writes, and how. */
    public record Stream(Target target, String path, boolean json, int maxMegabytes, int maxDays, int maxFiles) {
        public enum Target {
            STDOUT,
            STDERR,
            FILE,
            ROTATED_FILE
        }
    }

    /** A typed value of a policy expression. */
    public sealed interface Value {
        record Text(String value) implements Value {}

        record Int(long value) implements Value {}

        record Decimal(double value) implements Value {}

        record Bool(boolean value) implements Value {}

        record Time(Instant value) implements Value {}

        record Span(Duration value) implements Value {}

        record Ip(IpAddress value) implements Value {}

        record TextMap(Map<String, String> value) implements Value {}
    }
}
