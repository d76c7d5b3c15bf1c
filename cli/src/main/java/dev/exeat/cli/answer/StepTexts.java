package dev.exeat.cli.answer;

import dev.exeat.cli.answer.Answer.StepText;
import dev.exeat.policy.explain.Explanation.PlacedStep;

/** Steps of a decision as text. */
final class StepTexts {
    private StepTexts() {}

    static StepText of(PlacedStep placed) {
        return new StepText(
                Answer.word(placed.step().stage()),
                Answer.word(placed.step().outcome()),
                Answer.text(placed.step().rule()),
                Answer.text(placed.place()),
                placed.step().detail());
    }
}
