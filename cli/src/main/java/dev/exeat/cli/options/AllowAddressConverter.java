package dev.exeat.cli.options;

import dev.exeat.cli.settings.AllowAddress;
import dev.exeat.model.Cidr;
import dev.exeat.model.HostPattern;
import dev.exeat.model.InvalidNameException;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code HOST=CIDR}; HOST may be {@code *.domain}, and an address without a prefix stands for itself. */
public final class AllowAddressConverter implements ITypeConverter<AllowAddress> {

    @Override
    public AllowAddress convert(String text) {
        int equals = text.indexOf('=');
        if (equals <= 0) {
            throw new TypeConversionException(
                    "'" + text + "' is not HOST=CIDR; write for example *.corp.example=10.1.0.0/16");
        }
        try {
            return new AllowAddress(
                    HostPattern.parse(text.substring(0, equals)), Cidr.parse(text.substring(equals + 1)));
        } catch (InvalidNameException e) {
            throw new TypeConversionException("'" + text + "' is not HOST=CIDR: " + e.getMessage());
        }
    }
}
