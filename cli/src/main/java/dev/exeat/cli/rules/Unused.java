package dev.exeat.cli.rules;

import dev.exeat.model.Node;
import dev.exeat.model.Place;
import dev.exeat.model.PolicyRef;
import dev.exeat.model.Resource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A rule that nothing needed.
 *
 * @param place where its object stands; empty where that is no file
 * @param newer when the object came to be, or its file was changed last, where that is within the period; else null
 */
record Unused(PolicyRef rule, String place, @Nullable Instant newer, String how) {

    /** @param from when the period begins */
    static Unused of(PolicyRef rule, @Nullable Resource object, Instant from) {
        if (object == null) {
            return new Unused(rule, "", null, "");
        }
        boolean stands =
                !object.place().equals(Place.UNKNOWN) && isFile(object.place().file());
        Instant made = created(object);
        Instant since = made == null && stands ? changed(object.place().file()) : made;
        boolean newer = since != null && since.isAfter(from);
        return new Unused(
                rule,
                stands ? object.place().toString() : "",
                newer ? since : null,
                made == null ? "its file was changed" : "it was made");
    }

    private static boolean isFile(String file) {
        try {
            return Files.isRegularFile(Path.of(file));
        } catch (InvalidPathException e) {
            return false;
        }
    }

    /** Of an object that came through the API. */
    private static @Nullable Instant created(Resource object) {
        try {
            return object.body().get("metadata") instanceof Node.Mapping metadata
                            && metadata.get("creationTimestamp") instanceof Node.Scalar time
                    ? Instant.parse(time.text())
                    : null;
        } catch (DateTimeException e) {
            return null;
        }
    }

    private static @Nullable Instant changed(String file) {
        try {
            return Files.getLastModifiedTime(Path.of(file)).toInstant();
        } catch (IOException e) {
            return null;
        }
    }

    List<String> row() {
        return List.of(
                rule.toString(), place.isEmpty() ? "-" : place, newer == null ? "-" : how + " in that time, " + newer);
    }

    Map<String, Object> fields() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("kind", rule.object().kind());
        fields.put("namespace", rule.object().namespace());
        fields.put("name", rule.object().name());
        fields.put("index", rule.index());
        if (!place.isEmpty()) {
            fields.put("place", place);
        }
        if (newer != null) {
            fields.put("newer", newer.toString());
        }
        return fields;
    }
}
