package dev.exeat.cli.lint;

import dev.exeat.model.Place;
import dev.exeat.model.Problem;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import tools.jackson.databind.json.JsonMapper;

/**
 * A report for code scanners and editors.
 *
 * @see <a href="https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html">SARIF 2.1.0</a>
 */
final class LintSarif {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final LintPages pages;
    private final String version;

    /** @param version of the program */
    LintSarif(LintPages pages, String version) {
        this.pages = pages;
        this.version = version;
    }

    String of(LintReport report) {
        List<String> codes = report.problems().stream()
                .map(Problem::code)
                .distinct()
                .sorted()
                .toList();
        Map<String, Object> driver = new LinkedHashMap<>();
        driver.put("name", "exeat");
        driver.put("version", version);
        driver.put("rules", codes.stream().map(this::rule).toList());
        Map<String, Object> run = new LinkedHashMap<>();
        run.put("tool", Map.of("driver", driver));
        run.put(
                "results",
                report.problems().stream()
                        .map(problem -> result(problem, codes))
                        .toList());
        run.put("columnKind", "unicodeCodePoints");
        Map<String, Object> log = new LinkedHashMap<>();
        log.put("$schema", "https://json.schemastore.org/sarif-2.1.0.json");
        log.put("version", "2.1.0");
        log.put("runs", List.of(run));
        return JSON.writeValueAsString(log);
    }

    private Map<String, Object> rule(String code) {
        Map<String, Object> rule = new LinkedHashMap<>();
        rule.put("id", code);
        rule.put("shortDescription", Map.of("text", pages.summary(code)));
        String section = Objects.requireNonNullElse(pages.section(code), "");
        rule.put("help", Map.of("text", section, "markdown", section));
        return rule;
    }

    private static Map<String, Object> result(Problem problem, List<String> codes) {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("ruleId", problem.code());
        result.put("ruleIndex", codes.indexOf(problem.code()));
        result.put("level", problem.isError() ? "error" : "warning");
        result.put("message", Map.of("text", message(problem)));
        result.put("locations", locations(problem));
        return result;
    }

    private static String message(Problem problem) {
        StringBuilder message = new StringBuilder();
        if (problem.object() != null) {
            message.append(problem.object()).append(": ");
        }
        message.append(problem.message());
        return message.append(problem.cure().isEmpty() ? "" : " (" + problem.cure() + ")")
                .toString();
    }

    private static List<Map<String, Object>> locations(Problem problem) {
        Place place = problem.place();
        if (place.file().isEmpty()) {
            return List.of();
        }
        List<Map<String, Object>> locations = new ArrayList<>();
        Map<String, Object> physical = new LinkedHashMap<>();
        physical.put("artifactLocation", Map.of("uri", uri(place.file())));
        if (place.line() > 0) {
            physical.put("region", Map.of("startLine", place.line(), "startColumn", Math.max(1, place.column())));
        }
        locations.add(Map.of("physicalLocation", physical));
        return locations;
    }

    /** Relative to where the command ran, unless the file was named in full. */
    private static String uri(String file) {
        try {
            boolean colon = file.indexOf(':') >= 0 && !file.startsWith("/");
            return new URI(file.startsWith("/") ? "file" : null, null, colon ? "./" + file : file, null)
                    .toASCIIString();
        } catch (URISyntaxException e) {
            return file;
        }
    }
}
