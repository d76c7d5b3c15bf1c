package dev.exeat.cli.options;

import dev.exeat.proxy.h2.Abuse;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a limit of frames: {@code 1000} for every kind, {@code ping=100} for one. */
public final class FloodLimitConverter implements ITypeConverter<FloodLimitConverter.FloodLimit> {

    /**
     * A limit.
     *
     * @param kind or null for every kind
     */
    record FloodLimit(@Nullable Abuse kind, int count) {}

    @Override
    public FloodLimit convert(String text) {
        int equals = text.indexOf('=');
        Abuse kind = equals < 0 ? null : kind(text.substring(0, equals));
        try {
            int count = Integer.parseInt(text.substring(equals + 1));
            if (count >= 1) {
                return new FloodLimit(kind, count);
            }
        } catch (NumberFormatException e) {
            // Told below, as a number that is too small.
        }
        throw new TypeConversionException("'" + text + "' has no number of at least 1; write 1000, or ping=1000");
    }

    private static Abuse kind(String code) {
        return Arrays.stream(Abuse.values())
                .filter(kind -> kind.isCounted() && kind.code().equals(code))
                .findFirst()
                .orElseThrow(() -> new TypeConversionException("'" + code + "' is none of "
                        + Arrays.stream(Abuse.values())
                                .filter(Abuse::isCounted)
                                .map(Abuse::code)
                                .collect(Collectors.joining(", "))));
    }
}
