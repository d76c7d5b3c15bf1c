package dev.exeat.it.faults;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What {@code /metrics} said at one time. */
record Metrics(String text) {
    private static final int PATIENCE_MILLIS = 3_000;
    private static final Pattern DIGEST = Pattern.compile("exeat_policy_info\\{digest=\"([^\"]*)\"}");

    /** @throws UncheckedIOException if nobody answers */
    static Metrics of(String admin) {
        try {
            URLConnection connection =
                    URI.create("http://" + admin + "/metrics").toURL().openConnection();
            connection.setConnectTimeout(PATIENCE_MILLIS);
            connection.setReadTimeout(PATIENCE_MILLIS);
            try (InputStream in = connection.getInputStream()) {
                return new Metrics(new String(in.readAllBytes(), StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Of the policy in force, or "". */
    String digest() {
        Matcher matcher = DIGEST.matcher(text);
        return matcher.find() ? matcher.group(1) : "";
    }

    /** The sum of a family's series whose labels have this text. */
    double sum(String family, String label) {
        return text.lines()
                .filter(line -> line.startsWith(family + "{") || line.startsWith(family + " "))
                .filter(line -> line.contains(label))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }
}
