package dev.exeat.control.store;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The mark of objects that stand in files. Only the server sets it. */
public final class FileOwned {
    /** The annotation that names the file and the line. */
    public static final String ANNOTATION = "exeat.dev/file";

    private FileOwned() {}

    /** Where an object of the store stands, as {@code FILE:LINE}; null if it came through the API. */
    public static @Nullable String place(JsonNode object) {
        JsonNode place = object.path("metadata").path("annotations").path(ANNOTATION);
        return place.isString() ? place.asString() : null;
    }

    /** Takes off a mark that a client has set. */
    public static void unmark(ObjectNode object) {
        if (object.path("metadata").path("annotations") instanceof ObjectNode annotations) {
            annotations.remove(ANNOTATION);
        }
    }

    /** Says where it stands. */
    public static void mark(ObjectNode object, String place) {
        object.withObject("/metadata/annotations").put(ANNOTATION, place);
    }
}
