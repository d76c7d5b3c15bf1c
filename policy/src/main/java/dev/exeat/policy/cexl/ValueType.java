package dev.exeat.policy.cexl;

import dev.exeat.model.IpAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The types of attributes and expressions, with their numbers in Mixer's API (istio.policy.v1beta1.ValueType). */
public enum ValueType {
    STRING(1, String.class),
    INT64(2, Long.class),
    DOUBLE(3, Double.class),
    BOOL(4, Boolean.class),
    TIMESTAMP(5, Instant.class),
    IP_ADDRESS(6, IpAddress.class),
    EMAIL_ADDRESS(7, EmailAddress.class),
    URI(8, UriReference.class),
    DNS_NAME(9, DnsName.class),
    DURATION(10, Duration.class),
    STRING_MAP(11, Map.class);

    private final int number;
    private final Class<?> representation;

    ValueType(int number, Class<?> representation) {
        this.number = number;
        this.representation = representation;
    }

    public int number() {
        return number;
    }

    /** The type of a number, or null where there is none. */
    public static @Nullable ValueType of(long number) {
        for (ValueType type : values()) {
            if (type.number == number) {
                return type;
            }
        }
        return null;
    }

    boolean holds(Object value) {
        return representation.isInstance(value);
    }

    /** As the runtime's errors name it. */
    String plainName() {
        return switch (this) {
            case INT64 -> "int64";
            case STRING_MAP -> "string map";
            default -> name().toLowerCase(Locale.ROOT).replace('_', ' ');
        };
    }
}
