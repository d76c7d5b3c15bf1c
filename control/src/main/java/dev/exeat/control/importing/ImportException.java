package dev.exeat.control.importing;

import dev.exeat.model.Place;
import dev.exeat.model.Problem;
import java.util.List;

/** A file that is not what it is said to be, or cannot be imported at all. */
public final class ImportException extends RuntimeException {
    private final transient List<Problem> problems;

    public ImportException(List<Problem> problems) {
        super(problems.getFirst().message(), null, false, false);
        this.problems = List.copyOf(problems);
    }

    /** @param cure what to do about it; may be empty */
    public ImportException(Place place, String message, String cure) {
        this(List.of(new Problem(Problem.Severity.ERROR, "import", place, null, "", message, cure)));
    }

    public List<Problem> problems() {
        return problems;
    }
}
