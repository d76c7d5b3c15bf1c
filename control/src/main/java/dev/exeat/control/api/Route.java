package dev.exeat.control.api;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One method on one kind of path.
 *
 * @param method GET also answers HEAD
 * @param template segments, of which {@code {name}} stands for any one, for example {@code /v1/svid/{id}}
 */
public record Route(String method, String template, Action action) {

    /** What a route does; runs on a virtual thread and may block. */
    @FunctionalInterface
    public interface Action {
        /** @throws ApiException to refuse the request */
        ApiResponse answer(ApiRequest request);
    }

    /**
     * The values of the template's variables.
     *
     * @param segments of the path, decoded
     * @return null where the path is another
     */
    @Nullable
    Map<String, String> match(List<String> segments) {
        String[] parts = template.substring(1).split("/", -1);
        if (parts.length != segments.size()) {
            return null;
        }
        Map<String, String> variables = new HashMap<>();
        for (int i = 0; i < parts.length; i++) {
            String part = parts[i];
            if (part.startsWith("{") && part.endsWith("}")) {
                variables.put(part.substring(1, part.length() - 1), segments.get(i));
            } else if (!part.equals(segments.get(i))) {
                return null;
            }
        }
        return variables;
    }

    boolean serves(String asked) {
        return method.equals(asked) || (method.equals("GET") && asked.equals("HEAD"));
    }
}
