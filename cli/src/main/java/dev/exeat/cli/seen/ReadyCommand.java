package dev.exeat.cli.seen;

import dev.exeat.cli.Columns;
import dev.exeat.cli.Console;
import dev.exeat.cli.ExitCode;
import dev.exeat.cli.ObjectPrinter;
import dev.exeat.cli.seen.Evidence.Seen;
import dev.exeat.flow.query.Flow.Who;
import java.io.PrintWriter;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code exeat ready}. */
@Command(
        name = "ready",
        description = "Say of which identities an audit can end: whose connections would all pass.",
        footer = {
            "",
            "An identity is safe to enforce when it connected on --days days after that of its last connection that would",
            "have been denied. Where none would have been, no audit was seen: it is told apart, and counts for nothing.",
            "",
            "Exit code 0 if all whose audit was seen are safe to enforce, 1 if some are not or nothing was seen, 3 if the",
            "history or the file cannot be read."
        })
@SuppressWarnings("NullAway.Init") // picocli fills the fields
public final class ReadyCommand implements Callable<Integer> {
    private static final List<String> HEAD =
            List.of("WHO", "CONNECTIONS", "WOULD DENY", "LAST", "DAYS CLEAN", "SAFE TO ENFORCE");

    private final Console console;
    private final InstantSource clock;
    private final Map<String, String> environment;

    @Spec
    private CommandSpec command;

    @Mixin
    private EvidenceOptions evidence;

    @Option(
            names = "--days",
            paramLabel = "N",
            defaultValue = "7",
            description = "On how many days it must have connected since (${DEFAULT-VALUE}).")
    private int days;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "table|json",
            defaultValue = "table",
            description = "table, or json: an object a line (${DEFAULT-VALUE}).")
    private Output output;

    /** How the answer is printed. */
    enum Output {
        TABLE,
        JSON
    }

    /** What is said of an identity. */
    private record Verdict(String identity, Seen seen, boolean safe) {
        boolean isAudited() {
            return seen.lastWouldDeny() != null;
        }

        String text() {
            if (!isAudited()) {
                return (safe ? "yes" : "-") + " (no audit seen)";
            }
            return safe ? "yes" : seen.isSeenSince() ? "no" : "no (not seen since)";
        }
    }

    public ReadyCommand(Console console, InstantSource clock, Map<String, String> environment) {
        this.console = console;
        this.clock = clock;
        this.environment = environment;
    }

    @Override
    public Integer call() {
        if (days < 0) {
            throw new ParameterException(command.commandLine(), "--days takes a number from 0");
        }
        Instant now = clock.instant();
        List<Verdict> verdicts = evidence.read(environment, console.in(), now).identities().entrySet().stream()
                .map(identity -> new Verdict(
                        identity.getKey(),
                        identity.getValue(),
                        identity.getValue().isSeenSince() && identity.getValue().cleanDays() >= days))
                .toList();
        PrintWriter out = command.commandLine().getOut();
        switch (output) {
            case TABLE -> table(verdicts, out);
            case JSON -> verdicts.forEach(verdict -> out.println(json(verdict)));
        }
        boolean safe = verdicts.stream().allMatch(verdict -> verdict.safe() || !verdict.isAudited());
        return safe && !verdicts.isEmpty() ? ExitCode.OK : ExitCode.FAILED;
    }

    private static void table(List<Verdict> verdicts, PrintWriter out) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(HEAD);
        for (Verdict verdict : verdicts) {
            rows.add(List.of(
                    Who.of(verdict.identity()).shortName(),
                    Long.toString(verdict.seen().passed()),
                    Long.toString(verdict.seen().wouldDeny()),
                    text(verdict.seen().lastWouldDeny()),
                    Long.toString(verdict.seen().cleanDays()),
                    verdict.text()));
        }
        Columns.print(rows, out);
    }

    private static String text(@Nullable Instant time) {
        return time == null ? "-" : time.toString();
    }

    private static String json(Verdict verdict) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("identity", verdict.identity());
        fields.put("connections", verdict.seen().passed());
        fields.put("would_deny", verdict.seen().wouldDeny());
        Instant last = verdict.seen().lastWouldDeny();
        if (last != null) {
            fields.put("last_would_deny", last.toString());
        }
        fields.put("days_clean", verdict.seen().cleanDays());
        fields.put("audit_seen", verdict.isAudited());
        fields.put("safe_to_enforce", verdict.safe());
        return ObjectPrinter.line(fields);
    }
}
