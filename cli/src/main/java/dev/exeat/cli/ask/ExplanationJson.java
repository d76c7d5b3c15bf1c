package dev.exeat.cli.ask;

import dev.exeat.model.PolicyRef;
import dev.exeat.policy.Decision;
import dev.exeat.policy.Denial;
import dev.exeat.policy.Permit;
import dev.exeat.policy.explain.Change;
import dev.exeat.policy.explain.Explanation;
import dev.exeat.policy.explain.Explanation.PlacedStep;
import dev.exeat.policy.explain.NodeText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** An explanation as one line of JSON, in the words of the record. */
final class ExplanationJson {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private ExplanationJson() {}

    static String of(Explanation explanation) {
        Decision decision = explanation.decision();
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("verdict", decision instanceof Permit ? "allowed" : "denied");
        if (decision instanceof Denial denial) {
            fields.put("reason", denial.reason().code());
            put(fields, "rule", denial.rule());
        } else if (decision instanceof Permit permit) {
            put(fields, "rule", permit.rule());
            put(fields, "until", permit.until());
            Denial would = permit.wouldDeny();
            if (would != null) {
                fields.put("would_verdict", "denied");
                fields.put("would_reason", would.reason().code());
            }
        }
        fields.put("sentence", explanation.sentence());
        fields.put("policy_digest", decision.digest());
        fields.put(
                "steps", explanation.steps().stream().map(ExplanationJson::step).toList());
        if (!explanation.nearestMiss().isEmpty()) {
            fields.put("nearest_miss", explanation.nearestMiss());
        }
        List<Map<String, Object>> changes = new ArrayList<>();
        explanation.changes().forEach(change -> changes.add(change(change)));
        fields.put("changes", changes);
        return JSON.writeValueAsString(fields);
    }

    private static Map<String, Object> step(PlacedStep placed) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("stage", placed.step().stage().name().toLowerCase(Locale.ROOT));
        fields.put("outcome", placed.step().outcome().name().toLowerCase(Locale.ROOT));
        PolicyRef rule = placed.step().rule();
        put(fields, "rule", rule);
        put(fields, "place", placed.place());
        fields.put("detail", placed.step().detail());
        return fields;
    }

    private static Map<String, Object> change(Change change) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("object", change.object().toString());
        fields.put("summary", change.summary());
        switch (change) {
            case Change.Add add -> {
                fields.put("operation", "add");
                fields.put("yaml", add.yaml());
            }
            case Change.Edit edit -> {
                fields.put("operation", "replace");
                fields.put("yaml", NodeText.yaml(edit.changed().body()));
            }
            case Change.Remove _ -> fields.put("operation", "remove");
        }
        return fields;
    }

    private static void put(Map<String, Object> fields, String name, @Nullable Object value) {
        if (value != null) {
            fields.put(name, value.toString());
        }
    }
}
