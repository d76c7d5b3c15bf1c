package dev.exeat.cli.status;

import dev.exeat.cli.ask.Printable;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Prints the status of a gateway for people. */
final class StatusText {
    private static final String RED = "\u001b[31m";
    private static final String YELLOW = "\u001b[33m";
    private static final String PLAIN = "\u001b[0m";

    private final PrintWriter out;
    private final boolean coloured;
    private final Instant now;

    StatusText(PrintWriter out, boolean coloured, Instant now) {
        this.out = out;
        this.coloured = coloured;
        this.now = now;
    }

    /** @param pieces of the answer: the first tells of the policy as a whole */
    void print(List<JsonNode> pieces) {
        JsonNode policy = pieces.getFirst().path("policy");
        Instant since = Instant.parse(text(policy, "since"));
        out.println("policy    " + text(policy, "policy_digest") + ", in force for "
                + span(Duration.between(since, now)) + ", since " + since);
        out.println("objects   " + policy.path("objects").asInt(0) + ", with "
                + policy.path("rules").asInt(0) + " rules; registry " + text(policy, "registry") + ", enforcement "
                + text(policy, "enforcement"));
        out.println("problems  " + counted(policy.path("errors").asInt(0), "error") + ", "
                + counted(policy.path("warnings").asInt(0), "warning"));
        pieces.forEach(piece -> shadow(piece.path("shadow")));
        pieces.forEach(piece -> follows(piece.path("follows")));
        pieces.forEach(piece -> gateway(piece.path("gateway"), newest(pieces)));
        pieces.forEach(piece -> problem(piece.path("problem"), ""));
        pieces.forEach(piece -> problem(piece.path("shadow_problem"), "shadow: "));
        pieces.forEach(piece -> deadline(piece.path("deadline")));
        pieces.forEach(piece -> effect(piece.path("effect")));
    }

    private void shadow(JsonNode shadow) {
        if (!shadow.isMissingNode()) {
            Instant since = Instant.parse(text(shadow, "since"));
            out.println("shadow    " + text(shadow, "policy_digest") + ", looking on for "
                    + span(Duration.between(since, now)) + "; "
                    + shadow.path("objects").asInt(0) + " objects with "
                    + shadow.path("rules").asInt(0) + " rules, "
                    + counted(shadow.path("errors").asInt(0), "error") + ", "
                    + counted(shadow.path("warnings").asInt(0), "warning"));
        }
    }

    private void follows(JsonNode follows) {
        if (follows.isMissingNode()) {
            return;
        }
        String age = span(Duration.ofSeconds(follows.path("age_seconds").asLong(0)));
        boolean connected = follows.path("connected").asBoolean(false);
        out.println("follows   " + text(follows, "server") + ", version "
                + follows.path("resource_version").asLong(0) + ", confirmed " + age + " ago"
                + (follows.path("from_disk").asBoolean(false) ? ", from the disk" : "")
                + (connected ? "" : "; " + paint(YELLOW, "not connected") + ": " + text(follows, "problem")));
    }

    private static long newest(List<JsonNode> pieces) {
        return pieces.stream()
                .mapToLong(
                        piece -> piece.path("server").path("resource_version").asLong(0))
                .max()
                .orElse(0);
    }

    private void gateway(JsonNode gateway, long newest) {
        if (gateway.isMissingNode()) {
            return;
        }
        boolean live = text(gateway, "state").equals("live");
        long version = gateway.path("resource_version").asLong(0);
        out.println("gateway   " + text(gateway, "name") + ": " + (live ? "live" : paint(YELLOW, "away")) + ", policy "
                + text(gateway, "policy_digest") + ", version " + version
                + (version < newest ? " of " + newest : "") + ", reported "
                + span(Duration.ofSeconds(gateway.path("reported_seconds_ago").asLong(0))) + " ago, exeat "
                + text(gateway, "version"));
    }

    private void problem(JsonNode problem, String whose) {
        if (problem.isMissingNode()) {
            return;
        }
        boolean error = text(problem, "severity").equals("error");
        String place = problem.has("place") ? text(problem, "place") + ": " : "";
        String object = problem.has("object") ? text(problem, "object") + ": " : "";
        String field = problem.has("field") ? text(problem, "field") + ": " : "";
        out.println("  " + whose + place + paint(error ? RED : YELLOW, text(problem, "severity")) + ": " + object
                + field + text(problem, "message") + " [" + text(problem, "code") + "]");
        if (problem.has("cure")) {
            out.println("      " + text(problem, "cure"));
        }
    }

    private void deadline(JsonNode deadline) {
        if (deadline.isMissingNode()) {
            return;
        }
        Instant until = Instant.parse(text(deadline, "until"));
        Duration left = Duration.between(now, until);
        String what = text(deadline, "ends").equals("audit") ? "its audit " : "its allowance ";
        out.println("ends      " + text(deadline, "object") + ": " + what
                + (left.isNegative()
                        ? paint(YELLOW, "ended " + span(left.negated()) + " ago")
                        : "ends in " + span(left))
                + ", " + until);
    }

    private void effect(JsonNode effect) {
        if (!effect.isMissingNode()) {
            out.println("note      " + text(effect, "object") + ": " + text(effect, "effect"));
        }
    }

    private static String text(JsonNode node, String field) {
        return Printable.of(node.path(field).asString(""));
    }

    private static String counted(int count, String noun) {
        return count + " " + noun + (count == 1 ? "" : "s");
    }

    private static String span(Duration span) {
        if (span.toDays() > 1) {
            return span.toDays() + " days";
        }
        if (span.toHours() > 1) {
            return span.toHours() + " hours";
        }
        return span.toMinutes() > 1 ? span.toMinutes() + " minutes" : Math.max(0, span.toSeconds()) + " seconds";
    }

    private String paint(String colour, String text) {
        return coloured ? colour + text + PLAIN : text;
    }
}
