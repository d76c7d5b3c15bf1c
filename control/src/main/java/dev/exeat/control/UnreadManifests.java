package dev.exeat.control;

import dev.exeat.model.Node;
import dev.exeat.model.ObjectKey;
import dev.exeat.model.Place;
import dev.exeat.model.Problem;
import dev.exeat.model.Resource;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The files that could not be read in whole at the start and not since. Nobody knows what they forbid, and there is no
 * last good version to go by, so until each was read once everything is denied. Not thread-safe.
 */
final class UnreadManifests {
    private static final String GROUP = "config.istio.io";
    private static final String VERSION = GROUP + "/v1alpha2";

    private final String rootNamespace;
    private Set<String> files = Set.of();
    private boolean started;

    /** @param rootNamespace rules of which hold for everybody */
    UnreadManifests(String rootNamespace) {
        this.rootNamespace = rootNamespace;
    }

    /** Forgets the files that are sound or gone now. */
    void update(List<Problem> ofSource) {
        Set<String> broken = new LinkedHashSet<>();
        ofSource.stream()
                .filter(Problem::isError)
                .forEach(p -> broken.add(p.place().file()));
        if (started) {
            broken.retainAll(files);
        }
        files = broken;
        started = true;
    }

    /** A rule that is broken on purpose: the policy denies whatever it might match, which is everything. */
    List<Resource> denyingRule() {
        if (files.isEmpty()) {
            return List.of();
        }
        Place place = new Place(files.iterator().next(), 0, 0);
        Map<String, Node> fields = new LinkedHashMap<>();
        fields.put("apiVersion", new Node.Scalar(VERSION, Node.ScalarType.TEXT, place));
        fields.put("kind", new Node.Scalar("rule", Node.ScalarType.TEXT, place));
        fields.put("unread", new Node.Scalar("", Node.ScalarType.NULL, place));
        Node.Mapping body = new Node.Mapping(fields, Map.of(), place);
        ObjectKey key = new ObjectKey(GROUP, "rule", rootNamespace, "unread-manifests");
        return List.of(new Resource(key, VERSION, Map.of(), Map.of(), body));
    }

    List<Problem> problems() {
        return files.stream()
                .map(file -> new Problem(
                        Problem.Severity.ERROR,
                        "manifests-unread",
                        new Place(file, 0, 0),
                        null,
                        "",
                        "since the start this could not be read in whole; as nobody knows what it forbids, every"
                                + " connection is denied",
                        "mend the errors told of it, or remove it"))
                .toList();
    }
}
