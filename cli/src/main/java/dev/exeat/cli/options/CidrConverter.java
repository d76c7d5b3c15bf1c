package dev.exeat.cli.options;

import dev.exeat.model.Cidr;
import dev.exeat.model.InvalidNameException;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a block of addresses such as {@code 198.18.0.0/15}. */
public final class CidrConverter implements ITypeConverter<Cidr> {

    @Override
    public Cidr convert(String text) {
        try {
            return Cidr.parse(text);
        } catch (InvalidNameException e) {
            throw new TypeConversionException(
                    "'" + text + "' is no block of addresses: " + e.getMessage() + "; write for example 198.18.0.0/15");
        }
    }
}
