package dev.exeat.cli.options;

import dev.exeat.cli.options.SizeConverter.Octets;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a number of octets: {@code 65536}, {@code 64K}, {@code 64KiB}, {@code 1M}; units are powers of 1024. */
public final class SizeConverter implements ITypeConverter<Octets> {

    /** A number of octets, at least 0. */
    public record Octets(int count) {}

    @Override
    public Octets convert(String text) {
        int digits = 0;
        while (digits < text.length() && text.charAt(digits) >= '0' && text.charAt(digits) <= '9') {
            digits++;
        }
        if (digits == 0 || digits > 9) {
            throw wrong(text);
        }
        long factor = switch (text.substring(digits).toLowerCase(Locale.ROOT)) {
            case "", "b" -> 1;
            case "k", "kb", "kib" -> 1024;
            case "m", "mb", "mib" -> 1024 * 1024;
            default -> throw wrong(text);
        };
        long count = Long.parseLong(text.substring(0, digits)) * factor;
        if (count > Integer.MAX_VALUE) {
            throw wrong(text);
        }
        return new Octets((int) count);
    }

    private static TypeConversionException wrong(String text) {
        return new TypeConversionException(
                "'" + text + "' is not a size; write a number of octets, or one with K or M, for example 64K");
    }
}
