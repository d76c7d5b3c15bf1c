package dev.exeat.cli.options;

import dev.exeat.cli.options.MomentConverter.Moment;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code 90m} or {@code 7d} for so long ago, a time of RFC 3339, or a date for its beginning in UTC. */
public final class MomentConverter implements ITypeConverter<Moment> {

    /** A point in time, or one that is so long before now; one of the two is null. */
    public record Moment(
            @Nullable Instant instant, @Nullable Duration ago) {
        public Instant at(Instant now) {
            return instant != null ? instant : ago != null ? now.minus(ago) : now;
        }
    }

    @Override
    public Moment convert(String text) {
        try {
            if (text.indexOf('T') > 0) {
                return new Moment(OffsetDateTime.parse(text).toInstant(), null);
            }
            if (text.indexOf('-') > 0) {
                return new Moment(LocalDate.parse(text).atStartOfDay().toInstant(ZoneOffset.UTC), null);
            }
            return new Moment(null, new DurationConverter().convert(text));
        } catch (DateTimeException | TypeConversionException e) {
            throw new TypeConversionException(
                    "'" + text
                            + "' is no time; write how long ago, for example 90m or 7d, or 2026-01-31T12:00:00Z, or 2026-01-31");
        }
    }
}
