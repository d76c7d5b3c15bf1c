package dev.exeat.control;

import dev.exeat.control.store.FileOwned;
import dev.exeat.model.Node;
import dev.exeat.model.Resource;
import java.util.HashMap;
import java.util.Map;

/** Compares an object with the one of the same name elsewhere, which may have been through an API. */
final class SameObject {
    private SameObject() {}

    /** Whether both say the same, but for what a server adds to an object. */
    static boolean says(Resource one, Resource other) {
        return one.apiVersion().equals(other.apiVersion())
                && one.labels().equals(other.labels())
                && ownAnnotations(one).equals(ownAnnotations(other))
                && ResourceMerge.sameContent(ownFields(one), ownFields(other));
    }

    private static Map<String, String> ownAnnotations(Resource resource) {
        Map<String, String> annotations = new HashMap<>(resource.annotations());
        annotations.remove(FileOwned.ANNOTATION);
        return annotations;
    }

    private static Node ownFields(Resource resource) {
        Map<String, Node> fields = new HashMap<>(resource.body().fields());
        fields.remove("metadata");
        fields.remove("status");
        return new Node.Mapping(fields, Map.of(), resource.place());
    }
}
