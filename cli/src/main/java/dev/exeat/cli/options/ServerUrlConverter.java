package dev.exeat.cli.options;

import java.net.URI;
import java.net.URISyntaxException;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code https://host:port} and nothing more; a bare {@code host:port} gets its scheme. */
public final class ServerUrlConverter implements ITypeConverter<URI> {

    @Override
    public URI convert(String text) {
        URI uri;
        try {
            uri = new URI(text.contains("://") ? text : "https://" + text);
        } catch (URISyntaxException e) {
            throw wrong(text);
        }
        if ("http".equals(uri.getScheme())) {
            throw new TypeConversionException("'" + text + "': tokens are sent over TLS only; write https://");
        }
        boolean bare = (uri.getPath().isEmpty() || uri.getPath().equals("/"))
                && uri.getQuery() == null
                && uri.getFragment() == null
                && uri.getUserInfo() == null;
        if (!"https".equals(uri.getScheme()) || uri.getHost() == null || uri.getPort() == 0 || !bare) {
            throw wrong(text);
        }
        return URI.create("https://" + uri.getRawAuthority());
    }

    private static TypeConversionException wrong(String text) {
        return new TypeConversionException(
                "'" + text + "' is not https://HOST:PORT, the address of --api of an 'exeat up'");
    }
}
