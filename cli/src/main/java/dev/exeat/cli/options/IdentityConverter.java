package dev.exeat.cli.options;

import dev.exeat.model.InvalidNameException;
import dev.exeat.model.SpiffeId;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Checks {@code spiffe://trust-domain/path} or {@code namespace/service-account}, the latter of any trust domain. */
public final class IdentityConverter implements ITypeConverter<String> {
    private static final String ANY = "any";

    @Override
    public String convert(String text) {
        try {
            int slash = text.indexOf('/');
            return text.startsWith(SpiffeId.SCHEME) || slash < 0 || text.indexOf('/', slash + 1) >= 0
                    ? SpiffeId.parse(text).toString()
                    : namespaced(text, slash);
        } catch (InvalidNameException e) {
            throw new TypeConversionException(
                    "'" + text + "' is neither a SPIFFE ID nor NAMESPACE/SERVICE-ACCOUNT: " + e.getMessage());
        }
    }

    private static String namespaced(String text, int slash) {
        SpiffeId.ofServiceAccount(ANY, text.substring(0, slash), text.substring(slash + 1));
        return text;
    }
}
