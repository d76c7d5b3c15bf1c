package dev.exeat.cli.options;

import dev.exeat.model.HostPattern;
import dev.exeat.model.InvalidNameException;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a host as policies write it: a name in any letter case, {@code *.name} or {@code *}. */
public final class HostPatternConverter implements ITypeConverter<HostPattern> {

    @Override
    public HostPattern convert(String text) {
        try {
            return HostPattern.parse(text);
        } catch (InvalidNameException e) {
            throw new TypeConversionException("'" + text + "' is not a host, *.domain or *: " + e.getMessage());
        }
    }
}
