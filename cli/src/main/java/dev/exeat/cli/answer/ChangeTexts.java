package dev.exeat.cli.answer;

import dev.exeat.cli.answer.Answer.ChangeText;
import dev.exeat.model.Place;
import dev.exeat.model.Resource;
import dev.exeat.policy.explain.Change;
import dev.exeat.policy.explain.NodeText;
import org.jspecify.annotations.Nullable;

/** Changes of the objects as text. */
final class ChangeTexts {
    private ChangeTexts() {}

    static ChangeText of(Change change) {
        String object = change.object().toString();
        return switch (change) {
            case Change.Add add -> new ChangeText("add", object, change.summary(), null, add.yaml());
            case Change.Edit edit ->
                new ChangeText(
                        "replace",
                        object,
                        change.summary(),
                        place(edit.before()),
                        NodeText.yaml(edit.changed().body()));
            case Change.Remove remove ->
                new ChangeText("remove", object, change.summary(), place(remove.before()), null);
        };
    }

    private static @Nullable String place(Resource resource) {
        return resource.place().equals(Place.UNKNOWN) ? null : resource.place().toString();
    }
}
