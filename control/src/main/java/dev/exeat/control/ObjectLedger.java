package dev.exeat.control;

import dev.exeat.model.ObjectKey;
import dev.exeat.model.Problem;
import dev.exeat.model.Resource;
import dev.exeat.policy.ResourceChange;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Judges objects and remembers the last good version of each, which represents a broken object. What a file
 * with a broken object no longer has is not taken for deleted. A broken object that comes later and never was good is left out: what was in force without it stays in force. One that was
 * broken at the start has no such past, and is handed on as it is, so that the policy can deny what it might have
 * denied. Not thread-safe.
 */
final class ObjectLedger {

    /** Tells every problem that each object has by itself, in the order of the objects. */
    @FunctionalInterface
    interface Check {
        List<List<Problem>> problems(List<Resource> resources, Collection<Resource> context);
    }

    /**
     * What is to be put in force.
     *
     * @param sound at most one version of each object
     * @param broken objects without any good version
     */
    record Accepted(List<Resource> sound, List<Resource> broken, List<Problem> problems) {
        List<Resource> all() {
            return broken.isEmpty()
                    ? sound
                    : Stream.concat(sound.stream(), broken.stream()).toList();
        }
    }

    private static final String CONTEXT_KIND = "attributemanifest";

    private final Check check;
    /** What was found of each object of the earlier set. */
    private final IdentityHashMap<Resource, List<Problem>> judged = new IdentityHashMap<>();

    private List<Resource> earlier = List.of();
    /** What the earlier set put in force. */
    private List<Resource> inForce = List.of();

    private List<Resource> context = List.of();
    private Set<ObjectKey> brokenSinceStart = Set.of();
    private boolean started;

    ObjectLedger(Check check) {
        this.check = check;
    }

    /** Takes the place of the earlier set; what is not in it is forgotten. */
    Accepted accept(Collection<Resource> resources) {
        List<Resource> now = List.copyOf(resources);
        List<Problem> problems = judge(now);
        Accepted accepted = problems.stream().noneMatch(Problem::isError)
                ? new Accepted(now, List.of(), problems)
                : withoutBroken(now, problems);
        inForce = accepted.sound();
        brokenSinceStart = accepted.broken().stream().map(Resource::key).collect(Collectors.toSet());
        started = true;
        return accepted;
    }

    /** Judges what has come, or everything where expressions have other attributes now. */
    private List<Problem> judge(List<Resource> now) {
        List<Resource> before = earlier;
        // A fault leaves nothing half-judged behind: the next set is then judged as the first.
        earlier = List.of();
        if (before.isEmpty()) {
            judged.clear();
        }
        ResourceChange change = ResourceChange.between(before, now);
        change.gone().forEach(judged::remove);
        if (isOfContext(change.gone()) || isOfContext(change.come())) {
            context = now.stream().filter(ObjectLedger::isOfContext).toList();
            judged.clear();
        }
        List<Resource> toJudge = judged.isEmpty() ? now : change.come();
        List<List<Problem>> found = check.problems(toJudge, context);
        for (int i = 0; i < toJudge.size(); i++) {
            judged.put(toJudge.get(i), List.copyOf(found.get(i)));
        }
        List<Problem> problems = new ArrayList<>();
        judged.values().forEach(problems::addAll);
        earlier = now;
        return problems;
    }

    private static boolean isOfContext(List<Resource> resources) {
        return resources.stream().anyMatch(ObjectLedger::isOfContext);
    }

    private static boolean isOfContext(Resource resource) {
        return resource.key().kind().equals(CONTEXT_KIND);
    }

    private Accepted withoutBroken(List<Resource> now, List<Problem> problems) {
        Map<ObjectKey, Resource> good = new HashMap<>();
        inForce.forEach(resource -> good.put(resource.key(), resource));
        Set<ObjectKey> present = new HashSet<>();
        List<Resource> sound = new ArrayList<>();
        List<Resource> broken = new ArrayList<>();
        for (Resource resource : now) {
            Resource version = isBroken(resource) ? good.get(resource.key()) : resource;
            if (version != null) {
                sound.add(version);
                present.add(resource.key());
            } else if (!started || brokenSinceStart.contains(resource.key())) {
                broken.add(resource);
            }
        }
        for (Resource kept : vanishedFromBrokenFiles(now, good.values())) {
            if (present.add(kept.key())) {
                sound.add(kept);
            }
        }
        return new Accepted(sound, broken, problems);
    }

    /**
     * Good objects that a file had before it was broken. Half a file may end where a rule stood that denies, so what a
     * broken file no longer says is not taken for deleted.
     */
    private List<Resource> vanishedFromBrokenFiles(List<Resource> now, Collection<Resource> good) {
        Set<String> brokenFiles = now.stream()
                .filter(this::isBroken)
                .map(resource -> resource.place().file())
                .collect(Collectors.toSet());
        return good.stream()
                .filter(old -> brokenFiles.contains(old.place().file()))
                .toList();
    }

    private boolean isBroken(Resource resource) {
        return judged.getOrDefault(resource, List.of()).stream().anyMatch(Problem::isError);
    }
}
