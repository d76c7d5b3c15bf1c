package dev.exeat.control.api;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Finds the route of a request. Immutable. */
final class Routes {
    private final List<Route> routes;

    Routes(List<Route> routes) {
        this.routes = List.copyOf(routes);
    }

    record Match(Route route, Map<String, String> variables) {}

    /** @throws ApiException 404 where no route has the path, 405 where none has the method */
    Match find(String method, String path) {
        List<String> segments = segments(path);
        TreeSet<String> methods = new TreeSet<>();
        for (Route route : routes) {
            Map<String, String> variables = route.match(segments);
            if (variables != null && route.serves(method)) {
                return new Match(route, variables);
            }
            if (variables != null) {
                methods.add(route.method());
            }
        }
        if (methods.isEmpty()) {
            throw new ApiException(404, "not_found", "there is nothing at this path", "");
        }
        String allowed = String.join(", ", methods);
        throw new ApiException(
                405,
                "method_not_allowed",
                "the path does not have this method",
                "use " + allowed,
                Map.of("Allow", allowed));
    }

    private static List<String> segments(String path) {
        List<String> segments = new ArrayList<>();
        for (String raw : path.substring(1).split("/", -1)) {
            segments.add(PercentDecoding.decode(raw));
        }
        return segments;
    }
}
