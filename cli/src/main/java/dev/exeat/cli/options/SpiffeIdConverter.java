package dev.exeat.cli.options;

import dev.exeat.model.InvalidNameException;
import dev.exeat.model.SpiffeId;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code spiffe://trust-domain/path}. */
public final class SpiffeIdConverter implements ITypeConverter<SpiffeId> {

    @Override
    public SpiffeId convert(String text) {
        try {
            return SpiffeId.parse(text);
        } catch (InvalidNameException e) {
            throw new TypeConversionException("'" + text + "' is not a SPIFFE ID: " + e.getMessage());
        }
    }
}
