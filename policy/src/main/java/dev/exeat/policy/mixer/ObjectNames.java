package dev.exeat.policy.mixer;

import dev.exeat.model.ObjectKey;
import dev.exeat.policy.manifest.Spelling;
import dev.exeat.policy.mixer.MixerObject.Handler;
import dev.exeat.policy.mixer.MixerObject.Instance;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds what references name, as Mixer does: {@code x} in the rule's namespace; {@code x.y} first as the legacy kind y
 * in the rule's namespace, then in the namespace y; {@code x.y.z} as it stands. Not thread-safe.
 */
final class ObjectNames {
    /** More names than this are not searched for one that was meant. */
    private static final int MAX_GUESSED = 1000;

    private final Map<String, Handler> handlers = new HashMap<>();
    private final Map<String, Instance> instances = new HashMap<>();
    /** Full names of objects that are there, but refused; of several groups perhaps. */
    private final Map<String, Integer> broken = new HashMap<>();
    /** Names that rules remember, each once. */
    private final Map<String, String> shared = new HashMap<>();

    /** What a reference leads to. */
    sealed interface Resolved<T> {
        record Found<T>(T object) implements Resolved<T> {}

        /** @param problem for people, for example {@code handler "x" does not exist} */
        record Missing<T>(String problem, String cure) implements Resolved<T> {}
    }

    /** Takes a change over, and gives the full names that stand for something else now. */
    Set<String> change(MixerLinker.Objects gone, MixerLinker.Objects come) {
        Set<String> touched = new HashSet<>();
        for (MixerObject object : gone.sound()) {
            if (object instanceof Handler || object instanceof Instance) {
                handlers.remove(object.fullName());
                instances.remove(object.fullName());
                touched.add(object.fullName());
            }
        }
        for (MixerObject object : come.sound()) {
            if (object instanceof Handler handler) {
                handlers.put(object.fullName(), handler);
                touched.add(object.fullName());
            } else if (object instanceof Instance instance) {
                instances.put(object.fullName(), instance);
                touched.add(object.fullName());
            }
        }
        gone.broken().forEach(key -> touched.add(count(key, -1)));
        come.broken().forEach(key -> touched.add(count(key, 1)));
        return touched;
    }

    private String count(ObjectKey key, int change) {
        String name = key.name() + "." + key.kind() + "." + key.namespace();
        broken.merge(name, change, (before, more) -> before + more == 0 ? null : before + more);
        return name;
    }

    void forgetShared() {
        shared.clear();
    }

    Search search(String namespace) {
        return new Search(namespace);
    }

    /** Looks up the references of one rule, and remembers which names it asked for. */
    final class Search {
        private final String namespace;
        private final List<String> asked = new ArrayList<>(2);
        private boolean missed;

        private Search(String namespace) {
            this.namespace = namespace;
        }

        Resolved<Handler> handler(String reference) {
            return resolve(reference, "handler", handlers);
        }

        Resolved<Instance> instance(String reference) {
            return resolve(reference, "instance", instances);
        }

        /** Full names, perhaps some twice. */
        List<String> asked() {
            return List.copyOf(asked);
        }

        /** Whether a reference led nowhere. */
        boolean missed() {
            return missed;
        }

        private <T> Resolved<T> resolve(String reference, String kind, Map<String, T> objects) {
            String refused = null;
            List<String> candidates = candidates(reference, kind, namespace);
            for (String candidate : candidates) {
                asked.add(shared.computeIfAbsent(candidate, name -> name));
                T found = objects.get(candidate);
                if (found != null) {
                    return new Resolved.Found<>(found);
                }
                refused = refused == null && broken.containsKey(candidate) ? candidate : refused;
            }
            missed = true;
            if (refused != null) {
                return new Resolved.Missing<>(
                        "the " + kind + " " + refused + " is refused for errors of its own", "mend that object");
            }
            return new Resolved.Missing<>(
                    "the " + kind + " \"" + reference + "\" does not exist (looked for " + String.join(", ", candidates)
                            + ")",
                    cure(candidates.getFirst(), objects.keySet()));
        }
    }

    private static String cure(String wanted, Collection<String> names) {
        String near = names.size() > MAX_GUESSED ? "" : Spelling.cure(wanted, names);
        return near.isEmpty() ? "create it, or name one that exists" : near;
    }

    private static List<String> candidates(String reference, String kind, String namespace) {
        int dot = reference.indexOf('.');
        if (dot < 0) {
            return List.of(reference + "." + kind + "." + namespace);
        }
        if (reference.indexOf('.', dot + 1) >= 0) {
            return List.of(reference);
        }
        return List.of(
                reference + "." + namespace,
                reference.substring(0, dot) + "." + kind + "." + reference.substring(dot + 1));
    }
}
