package dev.exeat.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;

/** Prints open connections in columns. */
final class ConnectionTable {
    private static final List<String> HEAD =
            List.of("ID", "IDENTITY", "HOST", "STAGE", "AGE", "IDLE", "SENT", "RECEIVED");
    private static final List<String> MORE = List.of("SOURCE", "UPSTREAM", "RULE", "POLICY");

    private ConnectionTable() {}

    static void print(List<JsonNode> connections, boolean wide, PrintWriter out) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(row(HEAD, wide ? MORE : List.of()));
        for (JsonNode connection : connections) {
            rows.add(row(cells(connection), wide ? more(connection) : List.of()));
        }
        Columns.print(rows, out);
    }

    private static List<String> row(List<String> first, List<String> second) {
        List<String> row = new ArrayList<>(first);
        row.addAll(second);
        return row;
    }

    private static List<String> cells(JsonNode connection) {
        String host = text(connection, "host");
        return List.of(
                text(connection, "id"),
                text(connection, "identity"),
                host.equals("-") ? host : host + ":" + text(connection, "port"),
                text(connection, "stage"),
                duration(connection.path("age_ms").asLong(0)),
                duration(connection.path("idle_ms").asLong(0)),
                octets(connection.path("bytes_sent").asLong(0)),
                octets(connection.path("bytes_received").asLong(0)));
    }

    private static List<String> more(JsonNode connection) {
        return List.of(
                text(connection, "source_address") + " " + text(connection, "source_port"),
                text(connection, "dialled_address"),
                text(connection, "rule"),
                text(connection, "policy_digest"));
    }

    private static String text(JsonNode connection, String field) {
        String text = connection.path(field).asString("");
        return text.isEmpty() ? "-" : text;
    }

    private static String duration(long millis) {
        long seconds = millis / 1000;
        if (seconds < 60) {
            return String.format(Locale.ROOT, "%.1fs", millis / 1000.0);
        }
        return seconds < 3600
                ? seconds / 60 + "m" + seconds % 60 + "s"
                : seconds / 3600 + "h" + seconds % 3600 / 60 + "m";
    }

    private static String octets(long count) {
        if (count < 1024) {
            return count + " B";
        }
        double scaled = count;
        int unit = -1;
        while (scaled >= 1024 && unit < 3) {
            scaled /= 1024;
            unit++;
        }
        return String.format(Locale.ROOT, "%.1f %ciB", scaled, "KMGT".charAt(unit));
    }
}
