package dev.exeat.policy.explain;

import dev.exeat.model.Attempt;
import dev.exeat.model.ObjectKey;
import dev.exeat.model.Place;
import dev.exeat.model.Resource;
import dev.exeat.policy.Decision;
import dev.exeat.policy.DecisionTrace;
import dev.exeat.policy.DecisionTrace.Step;
import dev.exeat.policy.Denial;
import dev.exeat.policy.Permit;
import dev.exeat.policy.PolicyCompiler;
import dev.exeat.policy.Recompiler;
import dev.exeat.policy.Snapshot;
import dev.exeat.policy.explain.Explanation.PlacedStep;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Explains what a set of objects decides. Thread-safe. */
public final class Explainer {
    private final Snapshot snapshot;
    private final FlipSearch flips;
    private final Map<ObjectKey, Resource> objects = new HashMap<>();

    public Explainer(PolicyCompiler compiler, Collection<Resource> resources) {
        this(compiler, resources, compiler.recompiler());
    }

    /** @param recompiler of the compiler, for this alone from now on; what it has checked is not read again */
    public Explainer(PolicyCompiler compiler, Collection<Resource> resources, Recompiler recompiler) {
        this(resources, recompiler.compile(resources).snapshot(), new FlipSearch(compiler, resources, recompiler));
    }

    /** @param snapshot what the compiler made of the resources */
    public Explainer(PolicyCompiler compiler, Collection<Resource> resources, Snapshot snapshot) {
        this(resources, snapshot, new FlipSearch(compiler, resources, compiler.recompiler()));
    }

    private Explainer(Collection<Resource> resources, Snapshot snapshot, FlipSearch flips) {
        this.snapshot = snapshot;
        this.flips = flips;
        resources.forEach(resource -> objects.putIfAbsent(resource.key(), resource));
    }

    public Explanation explain(Attempt attempt) {
        DecisionTrace trace = new DecisionTrace();
        Decision decision = snapshot.decide(attempt, trace);
        List<PlacedStep> steps = new ArrayList<>();
        for (Step step : trace.steps()) {
            steps.add(new PlacedStep(step, place(step)));
        }
        return new Explanation(decision, sentence(decision), steps, trace.nearestMiss(decision), flips.of(decision));
    }

    private @Nullable Place place(Step step) {
        Resource resource = step.rule() == null ? null : objects.get(step.rule().object());
        return resource == null || resource.place().equals(Place.UNKNOWN) ? null : resource.place();
    }

    private static String sentence(Decision decision) {
        Attempt attempt = decision.attempt();
        String who = attempt.source() == null
                ? "A client without an identity at " + attempt.sourceAddress()
                : attempt.source().toString();
        return switch (decision) {
            case Denial denial -> who + " may not reach " + attempt.target() + ": " + denial.message() + ".";
            case Permit permit -> {
                String by = permit.rule() == null ? "" : ", by " + permit.rule().object();
                String until = permit.until() == null ? "" : ", until " + permit.until();
                Denial would = permit.wouldDeny();
                yield who + " may reach " + attempt.target() + by + until
                        + (would == null
                                ? "."
                                : "; only watched, for enforced it would be denied: " + would.message() + ".");
            }
        };
    }
}
