package dev.exeat.model;

import java.util.Map;

/**
 * One Kubernetes-style object as it was read, not yet judged.
 *
 * @param apiVersion as written, for example {@code config.istio.io/v1alpha2}
 * @param body the whole document, with {@code spec} and where it stands
 */
public record Resource(
        ObjectKey key,
        String apiVersion,
        Map<String, String> labels,
        Map<String, String> annotations,
        Node.Mapping body) {
    public Resource {
        labels = Map.copyOf(labels);
        annotations = Map.copyOf(annotations);
    }

    public Place place() {
        return body.place();
    }
}
