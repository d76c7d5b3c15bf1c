package dev.exeat.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What stands in {@code deploy} for Prometheus and Grafana, as far as tests ask for it. */
final class Monitoring {
    private static final Path REFERENCE = Path.of("../docs/metrics.md");
    private static final Pattern ROW = Pattern.compile("^\\| `([a-z0-9_]+)` \\|", Pattern.MULTILINE);
    private static final Pattern ALERT = Pattern.compile("- alert: (\\w+)");
    private static final Set<String> WORDS = Set.of("and", "or", "unless", "offset", "bool");

    private Monitoring() {}

    /** An expression of a panel, with the variables filled in as Grafana fills them in where all is chosen. */
    record PanelQuery(String where, String expression) {}

    static List<PanelQuery> panelQueries() throws IOException {
        try (Stream<Path> files = Files.list(Prometheus.DEPLOY.resolve("grafana"))) {
            return files.sorted().flatMap(Monitoring::panelQueries).toList();
        }
    }

    private static Stream<PanelQuery> panelQueries(Path file) {
        JsonNode dashboard = JsonMapper.shared().readTree(file.toFile());
        return dashboard
                .path("panels")
                .valueStream()
                .flatMap(panel -> panel.path("targets")
                        .valueStream()
                        .map(target -> new PanelQuery(
                                file.getFileName() + ", " + panel.path("title").asString(""),
                                filledIn(target.path("expr").asString("")))));
    }

    private static String filledIn(String expression) {
        return expression
                .replaceAll("\"\\$(job|instance|identity|host)\"", "\".*\"")
                .replaceAll("\\$__(rate_interval|range)", "1m");
    }

    /** The names of the metrics in an expression: what is left without strings, labels, times, functions and words. */
    static Set<String> metrics(String expression) {
        String bare = expression
                .replaceAll("\"[^\"]*\"", "")
                .replaceAll("\\{[^}]*}|\\[[^]]*]", "")
                .replaceAll("\\b(by|on|without|ignoring|group_left|group_right)\\s*\\([^)]*\\)", "")
                .replaceAll("\\boffset\\s+\\w+", "")
                .replaceAll("\\b\\w+\\s*\\(", "(");
        Set<String> names = new TreeSet<>();
        Pattern.compile("\\b[a-zA-Z_]\\w*").matcher(bare).results().forEach(match -> names.add(match.group()));
        names.removeAll(WORDS);
        return names;
    }

    /** The metrics that the reference names. */
    static Set<String> documented() throws IOException {
        Set<String> names = new TreeSet<>();
        ROW.matcher(Files.readString(REFERENCE)).results().forEach(match -> names.add(match.group(1)));
        return names;
    }

    static List<String> alerts() throws IOException {
        return ALERT.matcher(Files.readString(Prometheus.DEPLOY.resolve("prometheus/alerts.yaml")))
                .results()
                .map(match -> match.group(1))
                .toList();
    }
}
