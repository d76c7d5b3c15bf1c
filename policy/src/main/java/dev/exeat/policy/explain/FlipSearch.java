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
import dev.exeat.policy.Recompiler;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Looks for the changes that flip a verdict, each the smallest that overcomes what stands in the way, and tries them: what
 * it returns has been compiled and decided. Thread-safe.
 */
final class FlipSearch {
    /** An attempt may be denied by several policies, one behind the other. */
    private static final int MOST = 5;

    private final PolicyCompiler compiler;
    private final Collection<Resource> resources;
    /** What is tried differs little from what it has compiled before. */
    private final Recompiler recompiler;

    FlipSearch(PolicyCompiler compiler, Collection<Resource> resources, Recompiler recompiler) {
        this.compiler = compiler;
        this.recompiler = recompiler;
        this.resources = List.copyOf(resources);
    }

    /**
     * What lets pass what is denied, or would be but for an audit; of what simply passes, what denies it. The objects that
     * an audit would hear of are themselves only watched, so that nobody is denied by them.
     */
    synchronized List<Change> of(Decision decision) {
        boolean audit = decision instanceof Permit permit && permit.wouldDeny() != null;
        Denial denial = denial(decision, audit);
        if (denial == null) {
            Change change = new NewObjects(decision.attempt(), compiler.options(), false).denial();
            Decision then = decide(decision.attempt(), apply(change, resources));
            return then instanceof Denial ? List.of(change) : List.of();
        }
        List<Change> changes = new ArrayList<>();
        Collection<Resource> objects = resources;
        while (denial != null && changes.size() < MOST) {
            Step step = step(denial, audit, objects);
            if (step == null) {
                return List.of();
            }
            changes.add(step.change());
            objects = step.objects();
            denial = step.denial();
        }
        return denial == null ? changes : List.of();
    }

    /** What stands in the way, or null where nothing does. */
    private static @Nullable Denial denial(Decision decision, boolean audit) {
        return switch (decision) {
            case Denial denied -> denied;
            case Permit permit -> audit ? permit.wouldDeny() : null;
        };
    }

    private Decision decide(Attempt attempt, Collection<Resource> objects) {
        return recompiler.compile(objects).snapshot().decide(attempt);
    }

    private record Step(
            Change change,
            Collection<Resource> objects,
            @Nullable Denial denial) {}

    /** The first candidate that gets the attempt further: to leave, or to another denial. */
    private @Nullable Step step(Denial now, boolean audit, Collection<Resource> objects) {
        for (Change candidate : candidates(now, audit, objects)) {
            Collection<Resource> changed = apply(candidate, objects);
            Decision decision = decide(now.attempt(), changed);
            Denial then = denial(decision, audit);
            boolean worse = audit && decision instanceof Denial;
            boolean further =
                    then == null || (!then.message().equals(now.message()) && then.reason() != Reason.POLICY_ERROR);
            if (further && !worse) {
                return new Step(candidate, changed, then);
            }
        }
        return null;
    }

    private List<Change> candidates(Denial denial, boolean audit, Collection<Resource> objects) {
        Attempt attempt = denial.attempt();
        NewObjects fresh = new NewObjects(attempt, compiler.options(), false);
        PolicyRef rule = denial.rule();
        if (denial.reason() == Reason.HOST_UNKNOWN) {
            return rule == null ? List.of(fresh.serviceEntry()) : List.of();
        }
        if (denial.reason() == Reason.POLICY_ERROR) {
            return List.of(); // What is broken is to be mended; whatever else lets pass might not be meant.
        }
        List<Change> candidates = new ArrayList<>();
        if (audit) {
            // An enforced allowance would deny the rest to whom so far only watched ones select.
            NewObjects watched = new NewObjects(attempt, compiler.options(), true);
            candidates.addAll(List.of(watched.allowance(), watched.authorization()));
        }
        candidates.add(fresh.allowance());
        if (rule == null) {
            candidates.add(fresh.authorization());
            return candidates;
        }
        Resource object = find(rule.object(), objects);
        if (object != null) {
            candidates.addAll(new Edits(object, rule.index(), attempt, objects).candidates());
        }
        return candidates;
    }

    private static @Nullable Resource find(ObjectKey key, Collection<Resource> objects) {
        return objects.stream()
                .filter(resource -> resource.key().equals(key))
                .findFirst()
                .orElse(null);
    }

    private static List<Resource> apply(Change change, Collection<Resource> objects) {
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
