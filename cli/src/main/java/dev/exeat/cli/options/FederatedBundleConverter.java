package dev.exeat.cli.options;

import dev.exeat.cli.settings.FederatedBundle;
import dev.exeat.model.InvalidNameException;
import dev.exeat.model.SpiffeId;
import java.nio.file.Path;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code TD=FILE}. */
public final class FederatedBundleConverter implements ITypeConverter<FederatedBundle> {

    @Override
    public FederatedBundle convert(String text) {
        int equals = text.indexOf('=');
        if (equals <= 0 || equals == text.length() - 1) {
            throw new TypeConversionException(
                    "'" + text + "' is not TD=FILE; write for example partner.example=/etc/exeat/partner.pem");
        }
        try {
            String trustDomain = text.substring(0, equals);
            SpiffeId.checkTrustDomain(trustDomain);
            return new FederatedBundle(trustDomain, Path.of(text.substring(equals + 1)));
        } catch (InvalidNameException e) {
            throw new TypeConversionException("'" + text + "' is not TD=FILE: " + e.getMessage());
        }
    }
}
