package dev.exeat.policy.explain;

import dev.exeat.model.Place;
import dev.exeat.policy.Decision;
import dev.exeat.policy.DecisionTrace.Step;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Why an attempt is allowed or denied. All texts are for people and may hold text of the client.
 *
 * @param sentence the verdict and its reason
 * @param steps in the order in which they were taken
 * @param nearestMiss what came nearest to another verdict; empty where nothing is near
 * @param changes which, made one after the other, flip the verdict; empty where none is known
 */
public record Explanation(
        Decision decision, String sentence, List<PlacedStep> steps, String nearestMiss, List<Change> changes) {
    public Explanation {
        steps = List.copyOf(steps);
        changes = List.copyOf(changes);
    }

    /** @param place of the object concerned, or null where the step concerns none or it stands in no file */
    public record PlacedStep(Step step, @Nullable Place place) {}
}
