package dev.exeat.policy.explain;

import dev.exeat.model.Attempt;
import dev.exeat.model.ObjectKey;
import dev.exeat.model.PolicyRef;
import dev.exeat.model.Reason;
import dev.exeat.model.Resource;
import dev.exeat.policy.Decision;
import dev.exeat.policy.Denial;
import dev.exeat.policy.Permit;
import dev.exeat.policy.PolicyCompiler;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Looks for the changes that flip a verdict, each the smallest that overcomes what stands in the way, and tries them: what
 * it returns has been compiled and decided.
 */
final class FlipSearch {
    /** An attempt may be denied by several policies, one behind the other. */
    private static final int MOST = 5;

    private final PolicyCompiler compiler;
    private final Collection<Resource> resources;

    FlipSearch(PolicyCompiler compiler, Collection<Resource> resources) {
        this.compiler = compiler;
        this.resources = List.copyOf(resources);
    }

    List<Change> of(Decision decision) {
        List<Change> changes = new ArrayList<>();
        List<Resource> objects = new ArrayList<>(resources);
        boolean wanted = decision instanceof Denial;
        Decision now = decision;
        while (now instanceof Denial == wanted && changes.size() < MOST) {
            Step step = step(now, objects);
            if (step == null) {
                return List.of();
            }
            changes.add(step.change());
            objects = step.objects();
            now = step.decision();
        }
        return now instanceof Denial == wanted ? List.of() : changes;
    }

    private record Step(Change change, List<Resource> objects, Decision decision) {}

    /** The first candidate that gets the attempt further: to another verdict, or to another denial. */
    private @Nullable Step step(Decision now, List<Resource> objects) {
        for (Change candidate : candidates(now, objects)) {
            List<Resource> changed = apply(candidate, objects);
            Decision then = compiler.compile(changed).snapshot().decide(now.attempt());
            if (!same(now, then)) {
                return new Step(candidate, changed, then);
            }
        }
        return null;
    }

    private static boolean same(Decision left, Decision right) {
        return left instanceof Denial before
                ? right instanceof Denial after && before.message().equals(after.message())
                : right instanceof Permit;
    }

    private List<Change> candidates(Decision decision, List<Resource> objects) {
        Attempt attempt = decision.attempt();
        NewObjects fresh = new NewObjects(attempt, compiler.options());
        if (!(decision instanceof Denial denial)) {
            return List.of(fresh.denial());
        }
        PolicyRef rule = denial.rule();
        if (denial.reason() == Reason.HOST_UNKNOWN) {
            return rule == null ? List.of(fresh.serviceEntry()) : List.of();
        }
        if (rule == null) {
            return List.of(fresh.allowance(), fresh.authorization());
        }
        Resource object = find(rule.object(), objects);
        List<Change> candidates = new ArrayList<>();
        if (object != null) {
            candidates.addAll(new Edits(object, rule.index(), attempt, objects).candidates());
        }
        candidates.add(fresh.allowance());
        return candidates;
    }

    private static @Nullable Resource find(ObjectKey key, List<Resource> objects) {
        return objects.stream()
                .filter(resource -> resource.key().equals(key))
                .findFirst()
                .orElse(null);
    }

    private static List<Resource> apply(Change change, List<Resource> objects) {
        List<Resource> changed = new ArrayList<>(objects);
        switch (change) {
            case Change.Add add -> changed.add(add.added());
            case Change.Edit edit -> {
                changed.remove(edit.before());
                changed.add(edit.changed());
            }
            case Change.Remove remove -> changed.remove(remove.before());
        }
        return changed;
    }
}
