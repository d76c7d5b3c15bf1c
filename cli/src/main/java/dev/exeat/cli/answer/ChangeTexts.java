package dev.exeat.cli.answer;

import dev.exeat.cli.answer.Answer.ChangeText;
import dev.exeat.control.StoreSource;
import dev.exeat.control.manifest.ManifestEditor;
import dev.exeat.model.Place;
import dev.exeat.model.Resource;
import dev.exeat.policy.explain.Change;
import dev.exeat.policy.explain.NodeText;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Changes that are made one after the other, as text: each also as a patch of what it changes. */
final class ChangeTexts {
    private final ManifestEditor editor = new ManifestEditor();
    private final EditedFiles files = new EditedFiles();

    List<ChangeText> of(List<Change> changes) {
        return changes.stream().map(this::of).toList();
    }

    private ChangeText of(Change change) {
        String object = change.object().toString();
        return switch (change) {
            case Change.Add add -> new ChangeText("add", object, change.summary(), null, add.yaml(), null, null, null);
            case Change.Edit edit -> {
                Resource before = edit.before();
                Optional<FileDiff> diff = isStored(before)
                        ? Optional.empty()
                        : files.edit(
                                before,
                                text -> editor.replace(
                                        text, before, edit.changed().body()));
                yield new ChangeText(
                        "replace",
                        object,
                        change.summary(),
                        place(before),
                        NodeText.yaml(edit.changed().body()),
                        diff.map(FileDiff::path).orElse(null),
                        diff.map(FileDiff::text).orElse(null),
                        isStored(before)
                                ? MergePatch.between(
                                                before.body(), edit.changed().body())
                                        .toString()
                                : null);
            }
            case Change.Remove remove -> {
                Resource before = remove.before();
                Optional<FileDiff> diff =
                        isStored(before) ? Optional.empty() : files.edit(before, text -> editor.remove(text, before));
                yield new ChangeText(
                        "remove",
                        object,
                        change.summary(),
                        place(before),
                        null,
                        diff.map(FileDiff::path).orElse(null),
                        diff.map(FileDiff::text).orElse(null),
                        null);
            }
        };
    }

    private static boolean isStored(Resource resource) {
        return resource.place().file().startsWith(StoreSource.PLACE);
    }

    private static @Nullable String place(Resource resource) {
        return resource.place().equals(Place.UNKNOWN) ? null : resource.place().toString();
    }
}
