package dev.exeat.policy.lint;

import dev.exeat.model.Node;
import dev.exeat.model.ObjectKey;
import dev.exeat.model.Place;
import dev.exeat.model.Problem;
import dev.exeat.model.Resource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The findings that objects ask to leave out, by the annotation {@code exeat.dev/lint-ignore}: on each line one code, or
 * several with commas, a colon, and the reason. Errors are never left out.
 */
public final class Ignores {
    static final String ANNOTATION = "exeat.dev/lint-ignore";
    private static final String FIELD = "metadata.annotations." + ANNOTATION;

    private final Map<ObjectKey, Map<String, Boolean>> ignores = new HashMap<>();
    private final Map<ObjectKey, Place> places = new HashMap<>();
    private final List<Problem> kept = new ArrayList<>();
    private int left;

    private Ignores() {}

    /**
     * What remains.
     *
     * @param problems with those of the annotations themselves
     * @param ignored how many were left out
     */
    public record Result(List<Problem> problems, int ignored) {
        public Result {
            problems = List.copyOf(problems);
        }
    }

    /** @param problems all that were found; only those can be left out */
    public static Result apply(Collection<Resource> resources, Collection<Problem> problems) {
        Ignores ignores = new Ignores();
        resources.forEach(ignores::read);
        problems.forEach(ignores::add);
        ignores.tellUnused();
        return new Result(ignores.kept, ignores.left);
    }

    private void read(Resource resource) {
        String text = resource.annotations().get(ANNOTATION);
        if (text == null) {
            return;
        }
        places.put(resource.key(), place(resource));
        Map<String, Boolean> codes = ignores.computeIfAbsent(resource.key(), _ -> new TreeMap<>());
        text.lines().filter(line -> !line.isBlank()).forEach(line -> {
            int colon = line.indexOf(':');
            String listed = (colon < 0 ? line : line.substring(0, colon)).strip();
            if (colon < 0 || line.substring(colon + 1).isBlank()) {
                warn(
                        "ignore-without-reason",
                        resource.key(),
                        "\"" + listed + "\" is not left out: the reason is missing",
                        "write \"" + listed + ": why it is meant\"");
                return;
            }
            for (String code : listed.split(",", -1)) {
                codes.put(code.strip(), false);
            }
        });
    }

    private static Place place(Resource resource) {
        return resource.body().get("metadata") instanceof Node.Mapping metadata
                ? metadata.placeOf("annotations")
                : resource.place();
    }

    private void add(Problem problem) {
        Map<String, Boolean> codes = problem.object() == null ? null : ignores.get(problem.object());
        if (codes != null && !problem.isError() && codes.containsKey(problem.code())) {
            codes.put(problem.code(), true);
            left++;
        } else {
            kept.add(problem);
        }
    }

    private void tellUnused() {
        ignores.forEach((object, codes) -> {
            Set<String> unused = codes.entrySet().stream()
                    .filter(code -> !code.getValue())
                    .map(Map.Entry::getKey)
                    .collect(Collectors.toSet());
            unused.forEach(code -> warn(
                    "ignore-unused",
                    object,
                    "there is no warning \"" + code + "\" of this object to leave out",
                    "remove it, or correct the code"));
        });
    }

    private void warn(String code, ObjectKey object, String message, String cure) {
        Place place = places.getOrDefault(object, Place.UNKNOWN);
        kept.add(new Problem(Problem.Severity.WARNING, code, place, object, FIELD, message, cure));
    }
}
