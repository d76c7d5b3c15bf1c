package dev.exeat.cli.seen;

import dev.exeat.cli.Columns;
import dev.exeat.cli.Console;
import dev.exeat.cli.ExitCode;
import dev.exeat.cli.ObjectPrinter;
import dev.exeat.cli.observe.FlowText;
import dev.exeat.cli.seen.EvidenceOptions.Span;
import dev.exeat.cli.seen.EvidenceOptions.Visitor;
import dev.exeat.cli.seen.Summary.Pair;
import dev.exeat.cli.seen.Summary.Tally;
import dev.exeat.flow.query.Flow.Who;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code exeat flows summary}. */
@Command(
        name = "summary",
        description = "Say who went where, how often, what became of it, and what is new: for a comment, or a file.",
        footer = {
            "",
            "A pair is new if nobody of the identity had gone there in the time before, as long as --compare says. Seconds",
            "are left out: it is told of whole minutes.",
            "",
            "Exit code 0, 3 if the history or the file cannot be read."
        })
@SuppressWarnings("NullAway.Init") // picocli fills the fields
public final class SummaryCommand implements Callable<Integer> {
    private static final List<String> HEAD =
            List.of("WHO", "TO", "CONNECTIONS", "ALLOWED", "WOULD DENY", "DENIED", "FAILED", "SENT", "RECEIVED", "NEW");

    private final Console console;
    private final InstantSource clock;
    private final Map<String, String> environment;

    @Spec
    private CommandSpec command;

    @Mixin
    private EvidenceOptions evidence;

    @Option(
            names = "--compare",
            paramLabel = "T",
            defaultValue = "30d",
            description = "How long before that time a pair must not have been seen to be new (${DEFAULT-VALUE}).")
    private Duration compare;

    @Option(
            names = "--rows",
            paramLabel = "N",
            defaultValue = "50",
            description = "Tell of the first N pairs, those that are new before others (${DEFAULT-VALUE}).")
    private int rows;

    @Option(
            names = {"-o", "--format"},
            paramLabel = "text|markdown|json",
            defaultValue = "text",
            description = "text; markdown, for comments; json: an object with all pairs (${DEFAULT-VALUE}).")
    private Format format;

    /** How it is printed. */
    enum Format {
        TEXT,
        MARKDOWN,
        JSON
    }

    public SummaryCommand(Console console, InstantSource clock, Map<String, String> environment) {
        this.console = console;
        this.clock = clock;
        this.environment = environment;
    }

    @Override
    public Integer call() {
        if (rows < 1) {
            throw new ParameterException(command.commandLine(), "--rows takes a number from 1");
        }
        Instant now = clock.instant();
        Instant since = evidence.since(now).truncatedTo(ChronoUnit.MINUTES);
        Summary summary = summary(since, now);
        PrintWriter out = command.commandLine().getOut();
        switch (format) {
            case TEXT -> text(summary, since, out);
            case MARKDOWN -> markdown(summary, since, out);
            case JSON -> out.println(json(summary, since, now));
        }
        return ExitCode.OK;
    }

    private Summary summary(Instant since, Instant now) {
        Tally tally = new Tally(since);
        Visitor visitor = new Visitor(
                sum -> {
                    tally.reach(sum);
                    if (evidence.fits(sum)) {
                        tally.add(sum);
                    }
                },
                sum -> {
                    tally.reach(sum);
                    if (evidence.fits(sum)) {
                        tally.addOpen(sum);
                    }
                });
        evidence.visit(environment, console.in(), new Span(since.minus(compare), now.plusSeconds(1)), visitor);
        return tally.summary();
    }

    private void text(Summary summary, Instant since, PrintWriter out) {
        out.println(sentence(summary, since));
        if (!summary.pairs().isEmpty()) {
            List<List<String>> table = new ArrayList<>(List.of(HEAD));
            summary.pairs().stream().limit(rows).forEach(pair -> table.add(row(pair)));
            Columns.print(table, out);
        }
        more(summary, out);
    }

    private void markdown(Summary summary, Instant since, PrintWriter out) {
        out.println(sentence(summary, since));
        if (!summary.pairs().isEmpty()) {
            out.println();
            out.println("| who | to | connections | allowed | would deny | denied | failed | sent | received | new |");
            out.println("|---|---|---:|---:|---:|---:|---:|---:|---:|---|");
            summary.pairs().stream()
                    .limit(rows)
                    .forEach(pair -> out.println("| "
                            + String.join(
                                    " | ",
                                    row(pair).stream().map(Columns::markdown).toList())
                            + " |"));
        }
        more(summary, out);
    }

    private void more(Summary summary, PrintWriter out) {
        if (summary.pairs().size() > rows) {
            out.println();
            out.println("and " + (summary.pairs().size() - rows) + " more pairs");
        }
    }

    private static String sentence(Summary summary, Instant since) {
        String fresh = summary.comparable()
                ? summary.fresh() + (summary.fresh() == 1 ? " of them is new" : " of them are new")
                : "the history does not reach back far enough to tell what is new";
        return summary.connections() + " connections since " + since + ": " + summary.denied() + " denied, "
                + summary.wouldDeny() + " would be denied, " + summary.failed() + " failed; "
                + summary.pairs().size() + " pairs, " + fresh + ".";
    }

    private static List<String> row(Pair pair) {
        return List.of(
                who(pair),
                pair.host() + ":" + pair.port(),
                Long.toString(pair.connections()),
                Long.toString(pair.allowed()),
                Long.toString(pair.wouldDeny()),
                Long.toString(pair.denied()),
                Long.toString(pair.failed()),
                FlowText.octets(pair.received()),
                FlowText.octets(pair.sent()),
                pair.fresh() ? "new" : "");
    }

    private static String who(Pair pair) {
        return pair.identity().isEmpty()
                ? "(no identity)"
                : Who.of(pair.identity()).shortName();
    }

    private static String json(Summary summary, Instant since, Instant now) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("since", since.toString());
        fields.put("until", now.truncatedTo(ChronoUnit.SECONDS).toString());
        fields.put("connections", summary.connections());
        fields.put("denied", summary.denied());
        fields.put("would_deny", summary.wouldDeny());
        fields.put("failed", summary.failed());
        fields.put("new_pairs", summary.comparable() ? summary.fresh() : null);
        List<Map<String, Object>> pairs = new ArrayList<>();
        for (Pair pair : summary.pairs()) {
            Map<String, Object> each = new LinkedHashMap<>();
            each.put("identity", pair.identity());
            each.put("host", pair.host());
            each.put("port", pair.port());
            each.put("allowed", pair.allowed());
            each.put("would_deny", pair.wouldDeny());
            each.put("denied", pair.denied());
            each.put("failed", pair.failed());
            each.put("bytes_received", pair.received());
            each.put("bytes_sent", pair.sent());
            each.put("new", pair.fresh());
            pairs.add(each);
        }
        fields.put("pairs", pairs);
        return ObjectPrinter.line(fields);
    }
}
