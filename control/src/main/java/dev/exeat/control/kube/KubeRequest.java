package dev.exeat.control.kube;

import dev.exeat.control.kinds.Kind;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A request on objects, understood.
 *
 * @param namespace empty for all, or for a kind that lies in none
 * @param name empty for the collection
 * @param subresource empty for the object itself
 * @param userAgent of the client, empty if it does not say
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
        String userAgent,
        byte[] body) {
    private static final int MOST_MANAGER = 128;

    /** The same request with another body and other parameters. */
    KubeRequest with(ObjectNode object, Map<String, String> parameters) {
        return new KubeRequest(
                method,
                kind,
                version,
                namespace,
                name,
                subresource,
                parameters,
                accept,
                contentType,
                userAgent,
                JsonMapper.shared().writeValueAsBytes(object));
    }

    boolean flag(String parameter) {
        String value = query.getOrDefault(parameter, "");
        return value.equals("true") || value.equals("1");
    }

    String parameter(String parameter) {
        return query.getOrDefault(parameter, "");
    }

    /** Who writes, as the client calls itself. */
    String manager() {
        String given = parameter("fieldManager");
        if (!given.isEmpty()) {
            return given;
        }
        int slash = userAgent.indexOf('/');
        String prefix = slash < 0 ? userAgent : userAgent.substring(0, slash);
        String printable = prefix.chars()
                .filter(c -> c >= ' ' && c <= '~')
                .limit(MOST_MANAGER)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
        return printable.isEmpty() ? "unknown" : printable;
    }

    boolean dryRun() {
        return !parameter("dryRun").isEmpty();
    }

    /** Whether the answer is to be a table, as {@code kubectl get} asks for. */
    boolean wantsTable() {
        return accept.contains("as=Table");
    }
}
