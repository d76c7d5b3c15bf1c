package dev.exeat.cli.options;

import java.net.URI;
import java.net.URISyntaxException;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads the http or https URL to which a collector is sent metrics; without a path it gets the usual one. */
public final class CollectorUrlConverter implements ITypeConverter<URI> {
    private static final String PATH = "/v1/metrics";

    @Override
    public URI convert(String text) {
        try {
            URI uri = new URI(text);
            boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            if (web && uri.getHost() != null && uri.getUserInfo() == null && uri.getFragment() == null) {
                boolean bare = uri.getPath().isEmpty() || uri.getPath().equals("/");
                return bare ? URI.create(uri.getScheme() + "://" + uri.getRawAuthority() + PATH) : uri;
            }
        } catch (URISyntaxException e) {
            // Told below.
        }
        throw new TypeConversionException(
                "'" + text + "' is not a URL as http://HOST:4318" + PATH + ", where a collector takes OTLP over HTTP");
    }
}
