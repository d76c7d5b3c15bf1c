package dev.exeat.cli.lint;

import dev.exeat.model.ObjectKey;
import dev.exeat.model.Problem;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** A report as one line of JSON. */
final class LintJson {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private LintJson() {}

    static String of(LintReport report) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("findings", report.problems().stream().map(LintJson::finding).toList());
        fields.put("errors", report.errors());
        fields.put("warnings", report.warnings());
        fields.put("ignored", report.ignored());
        fields.put("files", report.files());
        fields.put("objects", report.objects());
        return JSON.writeValueAsString(fields);
    }

    private static Map<String, Object> finding(Problem problem) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("code", problem.code());
        fields.put("severity", problem.isError() ? "error" : "warning");
        if (problem.place().line() > 0 || !problem.place().file().isEmpty()) {
            fields.put("file", problem.place().file());
            fields.put("line", problem.place().line());
            fields.put("column", problem.place().column());
        }
        ObjectKey object = problem.object();
        if (object != null) {
            fields.put("kind", object.kind());
            fields.put("namespace", object.namespace());
            fields.put("name", object.name());
        }
        fields.put("field", problem.field());
        fields.put("message", problem.message());
        fields.put("cure", problem.cure());
        fields.put("help", LintPages.link(problem.code()));
        return fields;
    }
}
