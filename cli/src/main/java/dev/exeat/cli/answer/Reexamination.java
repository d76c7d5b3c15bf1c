package dev.exeat.cli.answer;

import dev.exeat.flow.RecordedConnection;
import dev.exeat.model.Reason;
import dev.exeat.policy.explain.Explainer;
import java.util.Arrays;

/** Explains what became of a connection, by judging it again as of the time when it came. */
public final class Reexamination {
    private Reexamination() {}

    public static Answer of(RecordedConnection connection, Explainer explainer) {
        return connection.attempt() == null
                ? unjudged(connection)
                : Answer.of(connection, explainer.explain(connection.attempt()));
    }

    /** The answer about one that ended before any policy was asked. */
    public static Answer unjudged(RecordedConnection connection) {
        String description = Arrays.stream(Reason.values())
                .filter(reason -> reason.code().equals(connection.reason()))
                .map(Reason::description)
                .findFirst()
                .orElse("the record does not say why.");
        return Answer.unjudged(connection, "No policy was asked: " + description);
    }
}
