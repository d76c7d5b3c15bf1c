package dev.exeat.policy.manifest;

import dev.exeat.model.ObjectKey;
import dev.exeat.model.Place;
import dev.exeat.model.Problem;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Collects the problems of one object, or of a file that holds none. Not thread-safe. */
public final class Findings {
    private final @Nullable ObjectKey object;
    private final List<Problem> problems = new ArrayList<>();
    private boolean errors;

    /** @param object null for a file that holds no objects */
    public Findings(@Nullable ObjectKey object) {
        this.object = object;
    }

    public void error(String code, Place place, String field, String message, String cure) {
        errors = true;
        problems.add(new Problem(Problem.Severity.ERROR, code, place, object, field, message, cure));
    }

    public void warning(String code, Place place, String field, String message, String cure) {
        problems.add(new Problem(Problem.Severity.WARNING, code, place, object, field, message, cure));
    }

    public boolean hasErrors() {
        return errors;
    }

    public List<Problem> problems() {
        return List.copyOf(problems);
    }
}
