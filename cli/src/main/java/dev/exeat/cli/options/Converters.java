package dev.exeat.cli.options;

import dev.exeat.cli.options.SizeConverter.Octets;
import dev.exeat.cli.settings.Compat;
import dev.exeat.cli.settings.LogFormat;
import dev.exeat.cli.settings.OnDeny;
import dev.exeat.flow.log.OnLogFull;
import dev.exeat.model.Enforcement;
import dev.exeat.model.RegistryMode;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.TypeConversionException;

/**
 * Converters for types that have one meaning in every option. Choices are written in lower case, except the registry's modes, which are written as Istio writes them.
 */
public final class Converters {
    private Converters() {}

    public static void register(CommandLine commandLine) {
        commandLine.registerConverter(Duration.class, new DurationConverter());
        commandLine.registerConverter(Octets.class, new SizeConverter());
        commandLine.registerConverter(Enforcement.class, text -> choose(Enforcement.class, text, true));
        commandLine.registerConverter(OnDeny.class, text -> choose(OnDeny.class, text, true));
        commandLine.registerConverter(Compat.class, text -> choose(Compat.class, text, true));
        commandLine.registerConverter(LogFormat.class, text -> choose(LogFormat.class, text, true));
        commandLine.registerConverter(OnLogFull.class, text -> choose(OnLogFull.class, text, true));
        commandLine.registerConverter(RegistryMode.class, text -> choose(RegistryMode.class, text, false));
    }

    private static <E extends Enum<E>> E choose(Class<E> type, String text, boolean lowerCase) {
        for (E value : type.getEnumConstants()) {
            if (value.name().equalsIgnoreCase(text)) {
                return value;
            }
        }
        String choices = Arrays.stream(type.getEnumConstants())
                .map(Enum::name)
                .map(name -> lowerCase ? name.toLowerCase(Locale.ROOT) : name)
                .collect(Collectors.joining(", "));
        throw new TypeConversionException("'" + text + "' is none of " + choices);
    }
}
