package dev.exeat.cli.options;

import dev.exeat.flow.log.LogChoice;
import dev.exeat.flow.log.LogTarget;
import dev.exeat.flow.profile.LogProfile;
import java.nio.file.InvalidPathException;
import java.util.Arrays;
import java.util.stream.Collectors;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code PROFILE=SINK}. */
public final class LogChoiceConverter implements ITypeConverter<LogChoice> {
    @Override
    public LogChoice convert(String text) {
        int equals = text.indexOf('=');
        if (equals < 0) {
            throw new TypeConversionException("'" + text + "' is not PROFILE=SINK; PROFILE is one of " + profiles()
                    + ", SINK is " + LogTarget.FORMS);
        }
        LogProfile profile = profile(text.substring(0, equals));
        try {
            return new LogChoice(text, profile, LogTarget.parse(text.substring(equals + 1)));
        } catch (InvalidPathException e) {
            throw new TypeConversionException("'" + text + "' names no file: " + e.getMessage());
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }

    private static LogProfile profile(String code) {
        return Arrays.stream(LogProfile.values())
                .filter(profile -> profile.code().equals(code))
                .findFirst()
                .orElseThrow(
                        () -> new TypeConversionException("'" + code + "' is no log profile; it may be " + profiles()));
    }

    private static String profiles() {
        return Arrays.stream(LogProfile.values()).map(LogProfile::code).collect(Collectors.joining(", "));
    }
}
