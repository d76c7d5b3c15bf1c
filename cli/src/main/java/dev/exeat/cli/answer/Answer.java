package dev.exeat.cli.answer;

import dev.exeat.flow.ConnectionRecord.Verdict;
import dev.exeat.flow.query.Flow;
import dev.exeat.policy.Denial;
import dev.exeat.policy.Permit;
import dev.exeat.policy.explain.Explanation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * An explanation as data, in the words of the record. Texts are for people and may hold text of the client.
 *
 * @param verdict {@code allowed}, {@code denied}, or of a recorded connection {@code failed}
 * @param until when the allowance ends, or the audit but for which it would be denied
 * @param wouldVerdict {@code denied} where only an audit lets it pass
 * @param recorded what was recorded, where a connection was asked about and not an attempt
 */
public record Answer(
        String verdict,
        @Nullable String reason,
        @Nullable String rule,
        @Nullable String until,
        @Nullable String wouldVerdict,
        @Nullable String wouldReason,
        String sentence,
        String policyDigest,
        @Nullable String nearestMiss,
        @Nullable Recorded recorded,
        List<StepText> steps,
        List<ChangeText> changes) {
    public Answer {
        steps = List.copyOf(steps);
        changes = List.copyOf(changes);
    }

    /** One step of the decision. */
    public record StepText(
            String stage,
            String outcome,
            @Nullable String rule,
            @Nullable String place,
            String detail) {}

    /**
     * One change, by itself and as a patch of where the object came from.
     *
     * @param yaml the object as it is to be; null where it is to go
     * @param file which file the diff is of, all links followed
     * @param diff a unified diff behind the diffs of earlier changes; null where the object stands in no file that can
     *     be changed
     * @param mergePatch of an object that came through the API, a JSON merge patch (RFC 7396)
     */
    public record ChangeText(
            String operation,
            String object,
            String summary,
            @Nullable String place,
            @Nullable String yaml,
            @Nullable String file,
            @Nullable String diff,
            @Nullable String mergePatch) {}

    /** What the record of a connection says. */
    public record Recorded(
            String id,
            String time,
            String verdict,
            @Nullable String reason,
            @Nullable String message,
            @Nullable String rule,
            @Nullable String nearestMiss,
            @Nullable String policyDigest) {
        static Recorded of(Flow connection) {
            return new Recorded(
                    connection.id(),
                    connection.time().toString(),
                    connection.verdict().code(),
                    orNull(connection.reason()),
                    orNull(connection.message()),
                    orNull(connection.rule().withIndex()),
                    orNull(connection.nearestMiss()),
                    orNull(connection.digest()));
        }
    }

    /** The answer to a question. */
    public static Answer of(Explanation explanation) {
        return of(explanation, null);
    }

    /** The answer about a connection, judged again under the policy that is in force now. */
    public static Answer of(Flow connection, Explanation explanation) {
        return of(explanation, Recorded.of(connection));
    }

    /** The answer about a connection that ended before any policy was asked. */
    public static Answer unjudged(Flow connection, String sentence) {
        return new Answer(
                connection.verdict().code(),
                orNull(connection.reason()),
                null,
                null,
                null,
                null,
                sentence,
                "",
                null,
                Recorded.of(connection),
                List.of(),
                List.of());
    }

    private static Answer of(Explanation explanation, @Nullable Recorded recorded) {
        List<StepText> steps = explanation.steps().stream().map(StepTexts::of).toList();
        List<ChangeText> changes = new ChangeTexts().of(explanation.changes());
        return switch (explanation.decision()) {
            case Denial denial ->
                new Answer(
                        Verdict.DENIED.code(),
                        denial.reason().code(),
                        text(denial.rule()),
                        null,
                        null,
                        null,
                        explanation.sentence(),
                        denial.digest(),
                        orNull(explanation.nearestMiss()),
                        recorded,
                        steps,
                        changes);
            case Permit permit -> {
                Denial would = permit.wouldDeny();
                yield new Answer(
                        Verdict.ALLOWED.code(),
                        null,
                        text(permit.rule()),
                        text(would == null ? permit.until() : would.until()),
                        would == null ? null : Verdict.DENIED.code(),
                        would == null ? null : would.reason().code(),
                        explanation.sentence(),
                        permit.digest(),
                        orNull(explanation.nearestMiss()),
                        recorded,
                        steps,
                        changes);
            }
        };
    }

    /** Whether it may pass; of a recorded connection whether it did. */
    public boolean allowed() {
        return Verdict.ALLOWED.code().equals(recorded == null ? verdict : recorded.verdict());
    }

    /** The same without its lists, which are sent piece by piece. */
    Answer head() {
        return with(List.of(), List.of());
    }

    /** The same with patches that are made in this directory, where they can be. */
    public Answer seenFrom(Path directory) {
        return with(
                steps,
                changes.stream()
                        .map(change -> FileDiff.seenFrom(directory, change))
                        .toList());
    }

    Answer with(List<StepText> newSteps, List<ChangeText> newChanges) {
        return new Answer(
                verdict,
                reason,
                rule,
                until,
                wouldVerdict,
                wouldReason,
                sentence,
                policyDigest,
                nearestMiss,
                recorded,
                new ArrayList<>(newSteps),
                new ArrayList<>(newChanges));
    }

    static @Nullable String text(@Nullable Object value) {
        return value == null ? null : value.toString();
    }

    static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private static @Nullable String orNull(String text) {
        return text.isEmpty() ? null : text;
    }
}
