package dev.exeat.cli.answer;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.exeat.cli.answer.Answer.ChangeText;
import dev.exeat.cli.answer.Answer.StepText;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/** Answers as JSON: whole, and in pieces of bounded size for the way from a running gateway. */
public final class AnswerJson {
    private static final String ANSWER = "answer";
    private static final String STEP = "step";
    private static final String CHANGE = "change";
    private static final TypeReference<Map<String, Object>> FIELDS = new TypeReference<>() {};
    private static final JsonMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .changeDefaultPropertyInclusion(usual -> usual.withValueInclusion(JsonInclude.Include.NON_NULL))
            .build();

    private AnswerJson() {}

    /** One line. */
    public static String line(Answer answer) {
        return JSON.writeValueAsString(answer);
    }

    /** The answer in pieces. */
    public static Stream<Map<String, ?>> pieces(Answer answer) {
        return Stream.of(
                        Stream.of(piece(ANSWER, answer.head())),
                        answer.steps().stream().map(step -> piece(STEP, step)),
                        answer.changes().stream().map(change -> piece(CHANGE, change)))
                .flatMap(pieces -> pieces);
    }

    private static Map<String, ?> piece(String name, Object value) {
        return Map.of(name, JSON.convertValue(value, FIELDS));
    }

    /** The answer from its pieces. */
    public static Answer whole(List<JsonNode> pieces) {
        Answer head = JSON.treeToValue(pieces.getFirst().path(ANSWER), Answer.class);
        List<StepText> steps = new ArrayList<>();
        List<ChangeText> changes = new ArrayList<>();
        for (JsonNode piece : pieces.subList(1, pieces.size())) {
            if (piece.has(STEP)) {
                steps.add(JSON.treeToValue(piece.path(STEP), StepText.class));
            } else if (piece.has(CHANGE)) {
                changes.add(JSON.treeToValue(piece.path(CHANGE), ChangeText.class));
            }
        }
        return head.with(steps, changes);
    }
}
