package dev.exeat.cli.objects;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** The query of a path; parameters without a value are left out. */
final class Query {
    private final StringBuilder text = new StringBuilder();

    Query with(String name, String value) {
        if (!value.isEmpty()) {
            text.append(text.isEmpty() ? '?' : '&').append(name).append('=').append(encoded(value));
        }
        return this;
    }

    /** A path's segment. */
    static String segment(String value) {
        return encoded(value).replace("+", "%20");
    }

    private static String encoded(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
