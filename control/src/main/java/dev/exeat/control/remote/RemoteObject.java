package dev.exeat.control.remote;

import dev.exeat.control.manifest.ManifestFile;
import dev.exeat.control.manifest.ManifestReader;
import dev.exeat.model.Place;
import java.util.Arrays;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * An object as the server told it, read once.
 *
 * @param json one line without its end
 */
record RemoteObject(Key key, long version, byte[] json, ManifestFile read) {
    private static final JsonMapper JSON = JsonMapper.shared();

    /** Which object; the API version is left out, for versions of a kind differ in their name alone. */
    record Key(String group, String kind, String namespace, String name) implements Comparable<Key> {
        @Override
        public int compareTo(Key other) {
            return text().compareTo(other.text());
        }

        private String text() {
            return group + "/" + kind + "/" + namespace + "/" + name;
        }
    }

    /** @throws FeedException if the text is no object with a name and a version */
    static RemoteObject of(byte[] json) {
        try {
            return of(JSON.readTree(json), json);
        } catch (JacksonException e) {
            throw broken("an object is no JSON");
        }
    }

    static RemoteObject of(JsonNode object) {
        return of(object, JSON.writeValueAsBytes(object));
    }

    private static RemoteObject of(JsonNode object, byte[] json) {
        Key key = key(object);
        String place = "server:" + key.kind() + "/" + key.namespace() + "/" + key.name();
        return new RemoteObject(key, version(object), json, new ManifestReader().read(new Place(place, 1, 1), object));
    }

    static Key key(JsonNode object) {
        String apiVersion = object.path("apiVersion").asString("");
        String kind = object.path("kind").asString("");
        String name = object.at("/metadata/name").asString("");
        if (apiVersion.isEmpty() || kind.isEmpty() || name.isEmpty()) {
            throw broken("an object has no apiVersion, kind or name");
        }
        int slash = apiVersion.indexOf('/');
        return new Key(
                slash < 0 ? "" : apiVersion.substring(0, slash),
                kind,
                object.at("/metadata/namespace").asString(""),
                name);
    }

    static long version(JsonNode object) {
        try {
            return Long.parseLong(object.at("/metadata/resourceVersion").asString(""));
        } catch (NumberFormatException e) {
            throw broken("an object has no resourceVersion");
        }
    }

    private static FeedException broken(String message) {
        return new FeedException(FeedException.Kind.AWAY, "the server's objects are of no use: " + message, null);
    }

    boolean says(RemoteObject other) {
        return version == other.version && Arrays.equals(json, other.json);
    }

    /** A namespace alone makes no policy. */
    boolean isNamespace() {
        return key.group().isEmpty() && key.kind().equals("Namespace");
    }
}
