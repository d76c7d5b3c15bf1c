package dev.exeat.cli.demo;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;

/** Asks a running gateway which policies are in force. */
final class GatewayProbe {
    private static final int TIMEOUT_MILLIS = 2000;
    private final URI metrics;

    /** @param admin the address of its {@code --admin} */
    GatewayProbe(String admin) {
        this.metrics = URI.create("http://" + admin + "/metrics");
    }

    String address() {
        return metrics.toString();
    }

    /** A text that changes when other policies come into force; empty where the gateway does not answer. */
    String policyDigest() {
        try {
            HttpURLConnection connection = (HttpURLConnection) metrics.toURL().openConnection(Proxy.NO_PROXY);
            connection.setConnectTimeout(TIMEOUT_MILLIS);
            connection.setReadTimeout(TIMEOUT_MILLIS);
            try (var in = connection.getInputStream()) {
                return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                        .lines()
                        .filter(line -> line.contains("digest=\""))
                        .collect(Collectors.joining("\n"));
            } finally {
                connection.disconnect();
            }
        } catch (IOException e) {
            return "";
        }
    }
}
