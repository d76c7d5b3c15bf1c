package dev.exeat.cli.answer;

import dev.exeat.flow.query.Attempts;
import dev.exeat.flow.query.Flow;
import dev.exeat.model.Attempt;
import dev.exeat.model.Reason;
import dev.exeat.policy.explain.Explainer;
import java.util.Arrays;

/** Explains what became of a connection, by judging it again as of the time when it came. */
public final class Reexamination {
    private Reexamination() {}

    public static Answer of(Flow connection, Explainer explainer) {
        Attempt attempt = new Attempts().of(connection);
        return attempt == null ? unjudged(connection) : Answer.of(connection, explainer.explain(attempt));
    }

    /** The answer about one that ended before any policy was asked. */
    public static Answer unjudged(Flow connection) {
        String description = Arrays.stream(Reason.values())
                .filter(reason -> reason.code().equals(connection.reason()))
                .map(Reason::description)
                .findFirst()
                .orElse("the record does not say why.");
        return Answer.unjudged(connection, "No policy was asked: " + description);
    }
}
