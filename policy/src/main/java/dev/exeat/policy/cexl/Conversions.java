package dev.exeat.policy.cexl;

import com.google.re2j.Pattern;
import dev.exeat.model.InvalidNameException;
import dev.exeat.model.IpAddress;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;

/** The code of the functions that make other types from text; what is written as a literal is converted once. */
final class Conversions {
    private static final Pattern RFC_3339 =
            Pattern.compile("\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}([.]\\d{1,9})?(Z|[+-]\\d{2}:\\d{2})");

    private Conversions() {}

    /** Throws an {@link EvaluationException} where the text does not convert. */
    @FunctionalInterface
    interface FromText {
        Object convert(String text);
    }

    static Function.Builder of(FromText conversion) {
        return site -> {
            Code text = site.argument(0);
            if (site.call().arguments().getFirst() instanceof Expression.Constant constant) {
                return converted((String) constant.value(), conversion);
            }
            return bag -> conversion.convert(text.text(bag));
        };
    }

    private static Code converted(String text, FromText conversion) {
        try {
            Object value = conversion.convert(text);
            return bag -> value;
        } catch (EvaluationException e) {
            // As in Mixer, a literal that does not convert fails only where it is evaluated.
            return bag -> {
                throw e;
            };
        }
    }

    static IpAddress ip(String text) {
        try {
            return IpAddress.parse(text);
        } catch (InvalidNameException e) {
            throw new EvaluationException("could not convert " + text + " to IP_ADDRESS");
        }
    }

    static Instant timestamp(String text) {
        try {
            if (RFC_3339.matches(text)) {
                return OffsetDateTime.parse(text).toInstant();
            }
        } catch (DateTimeException e) {
            // The shape is right and a number is not; told below like every other fault.
        }
        throw new EvaluationException(
                "could not convert '" + text + "' to TIMESTAMP. expected format: '2006-01-02T15:04:05Z07:00'");
    }
}
