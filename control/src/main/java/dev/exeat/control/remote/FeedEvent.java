package dev.exeat.control.remote;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** An event of the server's feed. */
sealed interface FeedEvent {
    /** The object is so now. */
    record Put(RemoteObject object) implements FeedEvent {}

    record Gone(RemoteObject.Key key, long version) implements FeedEvent {}

    /**
     * Nothing up to this version is missing.
     *
     * @param initialEnd whether the objects as they were at the beginning end here
     */
    record Bookmark(long version, boolean initialEnd) implements FeedEvent {}

    /** @throws FeedException if the line is no event, or says that the changes are not to be had */
    static FeedEvent of(byte[] line) {
        JsonNode event;
        try {
            event = JsonMapper.shared().readTree(line);
        } catch (JacksonException e) {
            throw new FeedException(FeedException.Kind.AWAY, "the server's answer is no feed of objects", e);
        }
        JsonNode object = event.path("object");
        return switch (event.path("type").asString("")) {
            case "ADDED", "MODIFIED" -> new Put(RemoteObject.of(object));
            case "DELETED" -> new Gone(RemoteObject.key(object), RemoteObject.version(object));
            case "BOOKMARK" ->
                new Bookmark(
                        RemoteObject.version(object),
                        object.path("metadata")
                                .path("annotations")
                                .path("k8s.io/initial-events-end")
                                .asString("")
                                .equals("true"));
            case "ERROR" ->
                throw new FeedException(
                        FeedException.Kind.EXPIRED,
                        "the server cannot go on: " + object.path("message").asString(""),
                        null);
            default ->
                throw new FeedException(
                        FeedException.Kind.AWAY, "the server's feed has an event of no known type", null);
        };
    }
}
