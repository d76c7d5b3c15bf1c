package dev.exeat.control;

import dev.exeat.model.ObjectKey;
import dev.exeat.model.Problem;
import dev.exeat.model.Resource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Judges objects one by one and remembers the last good version of each, which represents a broken object. What a file
 * with a broken object no longer has is not taken for deleted. A broken object that comes later and never was good is left out: what was in force without it stays in force. One that was
 * broken at the start has no such past, and is handed on as it is, so that the policy can deny what it might have
 * denied. Not thread-safe.
 */
final class ObjectLedger {

    /** Tells every problem that one object has by itself. */
    @FunctionalInterface
    interface Check {
        List<Problem> problems(Resource resource, Collection<Resource> context);
    }

    /**
     * What is to be put in force.
     *
     * @param sound at most one version of each object
     * @param broken objects without any good version
     */
    record Accepted(List<Resource> sound, List<Resource> broken, List<Problem> problems) {
        List<Resource> all() {
            return Stream.concat(sound.stream(), broken.stream()).toList();
        }
    }

    private static final String CONTEXT_KIND = "attributemanifest";

    private final Check check;
    private final Map<ObjectKey, Resource> good = new HashMap<>();
    private IdentityHashMap<Resource, List<Problem>> judged = new IdentityHashMap<>();
    private List<Resource> context = List.of();
    private Set<ObjectKey> brokenSinceStart = Set.of();
    private boolean started;

    ObjectLedger(Check check) {
        this.check = check;
    }

    /** Takes the place of the earlier set; what is not in it is forgotten. */
    Accepted accept(Collection<Resource> resources) {
        List<Resource> vocabulary = resources.stream()
                .filter(resource -> resource.key().kind().equals(CONTEXT_KIND))
                .toList();
        boolean sameVocabulary = vocabulary.equals(context);
        context = vocabulary;
        IdentityHashMap<Resource, List<Problem>> judgements = new IdentityHashMap<>();
        Map<ObjectKey, Resource> present = new HashMap<>();
        List<Resource> sound = new ArrayList<>();
        List<Resource> broken = new ArrayList<>();
        List<Problem> problems = new ArrayList<>();
        for (Resource resource : resources) {
            List<Problem> known = sameVocabulary ? judged.get(resource) : null;
            List<Problem> found = known == null ? List.copyOf(check.problems(resource, vocabulary)) : known;
            judgements.put(resource, found);
            problems.addAll(found);
            Resource inForce = versionInForce(resource, found);
            if (inForce != null) {
                sound.add(inForce);
                present.put(resource.key(), inForce);
            } else if (!started || brokenSinceStart.contains(resource.key())) {
                broken.add(resource);
            }
        }
        for (Resource kept : vanishedFromBrokenFiles(resources, judgements)) {
            if (present.putIfAbsent(kept.key(), kept) == null) {
                sound.add(kept);
            }
        }
        judged = judgements;
        good.clear();
        good.putAll(present);
        brokenSinceStart = broken.stream().map(Resource::key).collect(Collectors.toSet());
        started = true;
        return new Accepted(sound, broken, problems);
    }

    /**
     * Good objects that a file had before it was broken. Half a file may end where a rule stood that denies, so what a
     * broken file no longer says is not taken for deleted.
     */
    private List<Resource> vanishedFromBrokenFiles(
            Collection<Resource> now, IdentityHashMap<Resource, List<Problem>> judgements) {
        Set<String> brokenFiles = now.stream()
                .filter(resource ->
                        judgements.getOrDefault(resource, List.of()).stream().anyMatch(Problem::isError))
                .map(resource -> resource.place().file())
                .collect(Collectors.toSet());
        return good.values().stream()
                .filter(old -> brokenFiles.contains(old.place().file()))
                .toList();
    }

    private @Nullable Resource versionInForce(Resource resource, List<Problem> found) {
        return found.stream().anyMatch(Problem::isError) ? good.get(resource.key()) : resource;
    }
}
