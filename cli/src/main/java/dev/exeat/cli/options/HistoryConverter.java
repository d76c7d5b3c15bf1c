package dev.exeat.cli.options;

import dev.exeat.cli.settings.HistoryPlace;
import dev.exeat.flow.store.PostgresAddress;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code on}, {@code off}, or the URL of a database. */
public final class HistoryConverter implements ITypeConverter<HistoryPlace> {
    @Override
    public HistoryPlace convert(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "on" -> new HistoryPlace.Local();
            case "off" -> new HistoryPlace.Off();
            default -> new HistoryPlace.Shared(address(text));
        };
    }

    private static PostgresAddress address(String text) {
        if (!PostgresAddress.isMeant(text)) {
            throw new TypeConversionException("'" + text + "' is not on, off or postgresql://USER@HOST/DATABASE");
        }
        try {
            return PostgresAddress.parse(text);
        } catch (IllegalArgumentException e) {
            // The text itself may hold a password.
            throw new TypeConversionException("the URL cannot be used: " + e.getMessage());
        }
    }
}
