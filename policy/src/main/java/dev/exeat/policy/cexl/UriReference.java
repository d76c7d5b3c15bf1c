package dev.exeat.policy.cexl;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;

/**
 * A URI; two are equal when their schemes are in any letter case, their hosts as DNS names where the scheme is http
 * or https, their ports as written, and the rest as normalised text.
 */
public final class UriReference {
    private final String text;
    private final String canonical;

    private UriReference(String text, String canonical) {
        this.text = text;
        this.canonical = canonical;
    }

    /** @throws EvaluationException if the text is empty or no URI */
    static UriReference of(String text) {
        if (text.isEmpty()) {
            throw new EvaluationException("error converting string to uri: empty string");
        }
        try {
            return new UriReference(text, canonical(new URI(text).normalize()));
        } catch (URISyntaxException e) {
            throw new EvaluationException("error converting string to uri '" + text + "': '" + e.getReason() + "'");
        }
    }

    private static String canonical(URI uri) {
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        String whole = uri.toString();
        String rest = uri.getScheme() == null ? whole : whole.substring(scheme.length());
        if ((!scheme.equals("http") && !scheme.equals("https")) || uri.getHost() == null) {
            return scheme + rest;
        }
        String host = uri.getHost();
        String name = host.startsWith("[") ? host.toLowerCase(Locale.ROOT) : nameOf(host);
        int at = rest.indexOf(host);
        return scheme + rest.substring(0, at) + name + rest.substring(at + host.length());
    }

    private static String nameOf(String host) {
        try {
            return DnsName.canonical(host, "");
        } catch (EvaluationException e) {
            return host.toLowerCase(Locale.ROOT);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof UriReference that && canonical.equals(that.canonical);
    }

    @Override
    public int hashCode() {
        return canonical.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}
