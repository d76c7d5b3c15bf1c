package dev.exeat.policy.mixer;

import dev.exeat.policy.manifest.Spelling;
import dev.exeat.policy.mixer.MixerObject.Handler;
import dev.exeat.policy.mixer.MixerObject.Instance;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds what references name, as Mixer does: {@code x} in the rule's namespace; {@code x.y} first as the legacy kind y
 * in the rule's namespace, then in the namespace y; {@code x.y.z} as it stands. Immutable.
 *
 * @param broken full names of objects that are there, but refused
 */
record ObjectNames(Map<String, Handler> handlers, Map<String, Instance> instances, Set<String> broken) {

    /** What a reference leads to. */
    sealed interface Resolved<T> {
        record Found<T>(T object) implements Resolved<T> {}

        /** @param problem for people, for example {@code handler "x" does not exist} */
        record Missing<T>(String problem, String cure) implements Resolved<T> {}
    }

    Resolved<Handler> handler(String reference, String namespace) {
        return resolve(reference, "handler", namespace, handlers);
    }

    Resolved<Instance> instance(String reference, String namespace) {
        return resolve(reference, "instance", namespace, instances);
    }

    private <T> Resolved<T> resolve(String reference, String kind, String namespace, Map<String, T> objects) {
        String refused = null;
        List<String> candidates = candidates(reference, kind, namespace);
        for (String candidate : candidates) {
            T found = objects.get(candidate);
            if (found != null) {
                return new Resolved.Found<>(found);
            }
            refused = refused == null && broken.contains(candidate) ? candidate : refused;
        }
        if (refused != null) {
            return new Resolved.Missing<>(
                    "the " + kind + " " + refused + " is refused for errors of its own", "mend that object");
        }
        return new Resolved.Missing<>(
                "the " + kind + " \"" + reference + "\" does not exist (looked for " + String.join(", ", candidates)
                        + ")",
                cure(candidates.getFirst(), objects.keySet()));
    }

    private static String cure(String wanted, Set<String> names) {
        String near = Spelling.cure(wanted, names);
        return near.isEmpty() ? "create it, or name one that exists" : near;
    }

    private static List<String> candidates(String reference, String kind, String namespace) {
        String[] parts = reference.split("\\.", -1);
        List<String> candidates = new ArrayList<>();
        if (parts.length == 2) {
            candidates.add(reference + "." + namespace);
            candidates.add(parts[0] + "." + kind + "." + parts[1]);
        } else if (parts.length == 1) {
            candidates.add(reference + "." + kind + "." + namespace);
        } else {
            candidates.add(reference);
        }
        return candidates;
    }
}
