package dev.exeat.control.kube;

import dev.exeat.control.kinds.Kind;
import java.util.Map;

/**
 * A request on objects, understood.
 *
 * @param namespace empty for all, or for a kind that lies in none
 * @param name empty for the collection
 * @param subresource empty for the object itself
 * @param query the parameters of the query, decoded; of one that is repeated the first
 */
record KubeRequest(
        String method,
        Kind kind,
        Kind.Version version,
        String namespace,
        String name,
        String subresource,
        Map<String, String> query,
        String accept,
        String contentType,
        byte[] body) {

    boolean flag(String parameter) {
        String value = query.getOrDefault(parameter, "");
        return value.equals("true") || value.equals("1");
    }

    String parameter(String parameter) {
        return query.getOrDefault(parameter, "");
    }

    boolean dryRun() {
        String value = parameter("dryRun");
        if (!value.isEmpty() && !value.equals("All")) {
            throw KubeException.badRequest("Invalid value: \"" + value + "\": dryRun: supported values: \"All\"");
        }
        return !value.isEmpty();
    }

    /** Whether the answer is to be a table, as {@code kubectl get} asks for. */
    boolean wantsTable() {
        return accept.contains("as=Table");
    }
}
