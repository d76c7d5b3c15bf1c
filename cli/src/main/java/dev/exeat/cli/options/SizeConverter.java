package dev.exeat.cli.options;

import dev.exeat.cli.options.SizeConverter.Octets;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a number of octets: {@code 65536}, {@code 64K}, {@code 64KiB}, {@code 1M}; {@code 1G}; units are powers of 1024. */
public final class SizeConverter implements ITypeConverter<Octets> {

    /** A number of octets, at least 0. */
    public record Octets(long count) {
        /** For sizes of which there are never more than that. */
        int asInt() {
            return Math.toIntExact(count);
        }
    }

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
            case "g", "gb", "gib" -> 1024 * 1024 * 1024;
            default -> throw wrong(text);
        };
        return new Octets(Long.parseLong(text.substring(0, digits)) * factor);
    }

    private static TypeConversionException wrong(String text) {
        return new TypeConversionException(
                "'" + text + "' is not a size; write a number of octets, or one with K, M or G, for example 64K");
    }
}
