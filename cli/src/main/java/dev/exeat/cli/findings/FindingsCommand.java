package dev.exeat.cli.findings;

import dev.exeat.cli.CommandFailure;
import dev.exeat.cli.Console;
import dev.exeat.cli.ExitCode;
import dev.exeat.cli.Progress;
import dev.exeat.cli.observe.FlowOptions;
import dev.exeat.cli.observe.FlowSourceOptions;
import dev.exeat.cli.seen.Baseline;
import dev.exeat.flow.query.Flow.Who;
import dev.exeat.flow.query.FlowFilter;
import dev.exeat.flow.store.FlowHistory;
import dev.exeat.flow.store.FlowStoreException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code exeat findings}. */
@Command(
        name = "findings",
        description = "Say what stands out among connections: who went where first, and what is odd.",
        footer = {
            "",
            "Looks at the last day, or at what came since --since. What the history has of before says what is known and",
            "usual. Accepted findings stand in the file of --suppress.",
            "",
            "Exit code 0 if nothing stands out, 1 if something does, 3 if the history or a file cannot be read."
        })
@SuppressWarnings("NullAway.Init") // picocli fills the fields
public final class FindingsCommand implements Callable<Integer> {
    private static final Duration USUAL = Duration.ofDays(1);
    private static final int LEAST_FACTOR = 2;

    private final Console console;
    private final InstantSource clock;
    private final Map<String, String> environment;

    @Spec
    private CommandSpec command;

    @Option(
            names = "--kind",
            paramLabel = "KIND",
            split = ",",
            hideParamSyntax = true,
            description =
                    "Only this: first-seen, ech, no-sni, name-mismatch, private-address, old-tls or unusual-bytes."
                            + " Repeatable.")
    private List<String> kinds = List.of();

    @Option(
            names = "--baseline",
            paramLabel = "FILE",
            description = "Pairs that are known, as for exeat drift: they are not first seen.")
    private @Nullable Path baseline;

    @Option(
            names = "--suppress",
            paramLabel = "FILE",
            description = "Findings that were looked at and accepted, with their reasons.")
    private @Nullable Path suppress;

    @Option(
            names = "--factor",
            paramLabel = "N",
            defaultValue = "10",
            description =
                    "How many times the usual deviation of a pair's octets is unusual, from 2 (${DEFAULT-VALUE}).")
    private int factor;

    @Mixin
    private FlowOptions flows;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "text|table|json",
            defaultValue = "text",
            description = "text: a sentence each; table; json: an object a line (${DEFAULT-VALUE}).")
    private Output output;

    @Mixin
    private FlowSourceOptions source;

    /** How findings are printed. */
    enum Output {
        TEXT,
        TABLE,
        JSON
    }

    public FindingsCommand(Console console, InstantSource clock, Map<String, String> environment) {
        this.console = console;
        this.clock = clock;
        this.environment = environment;
    }

    @Override
    public Integer call() {
        Instant now = clock.instant();
        Set<Kind> wanted = wanted();
        if (factor < LEAST_FACTOR) {
            throw new ParameterException(command.commandLine(), "--factor takes a number from 2");
        }
        Baseline known = baseline == null ? null : Baseline.read(baseline, false);
        Suppressions suppressions = suppress == null ? Suppressions.NONE : Suppressions.read(suppress, now);
        PrintWriter err = command.commandLine().getErr();
        suppressions.over().forEach(err::println);
        List<Finding> found = search(now, wanted, known);
        List<Finding> told =
                found.stream().filter(finding -> !suppressions.cover(finding)).toList();
        FindingText text = new FindingText(command.commandLine().getOut(), ZoneId.systemDefault());
        switch (output) {
            case TEXT -> text.sentences(told, found.size() - told.size());
            case TABLE -> text.table(told, found.size() - told.size());
            case JSON -> text.json(told);
        }
        return told.isEmpty() ? ExitCode.OK : ExitCode.FAILED;
    }

    private Set<Kind> wanted() {
        Set<Kind> wanted = EnumSet.noneOf(Kind.class);
        for (String kind : kinds) {
            wanted.add(Kind.of(kind)
                    .orElseThrow(() -> new ParameterException(
                            command.commandLine(), "there is no kind " + kind + "; those are " + Kind.codes())));
        }
        return wanted.isEmpty() ? EnumSet.allOf(Kind.class) : wanted;
    }

    private List<Finding> search(Instant now, Set<Kind> wanted, @Nullable Baseline pairs) {
        FlowFilter filter = flows.filter(now);
        Instant since = filter.since() == null ? now.minus(USUAL) : filter.since();
        try (FlowHistory history = source.open(environment, console.in());
                Progress progress = new Progress(console, source.isFile() ? 0 : history.newest(), "records")) {
            Instant[] begun = {now};
            Set<Pair> before = new HashSet<>();
            if (!source.isFile()) {
                // The minute that holds the beginning also tells of what came since.
                history.minutes(Instant.EPOCH, since.truncatedTo(ChronoUnit.MINUTES), sum -> {
                    before.add(Pair.of(sum.group()));
                    begun[0] = sum.minute().isBefore(begun[0]) ? sum.minute() : begun[0];
                    return true;
                });
            }
            Predicate<Pair> known = pair ->
                    before.contains(pair) || (pairs != null && pairs.knows(Who.of(pair.identity()), pair.what()));
            Search search = new Search(wanted, since, known, factor);
            history.each(filter.between(null, filter.until()), stored -> {
                Instant time = stored.flow().time();
                begun[0] = time.isBefore(begun[0]) ? time : begun[0];
                search.add(stored.flow());
                progress.at(stored.sequence());
            });
            if (pairs == null && wanted.contains(Kind.FIRST_SEEN) && !begun[0].isBefore(since)) {
                sayYoung(begun[0], since);
            }
            return search.findings();
        } catch (FlowStoreException e) {
            throw new CommandFailure(ExitCode.UNKNOWN, String.valueOf(e.getMessage()));
        }
    }

    private void sayYoung(Instant begun, Instant since) {
        command.commandLine()
                .getErr()
                .println("the history has nothing of before " + since + " (it begins at " + begun
                        + "), so every pair counts as first seen; name those that are known with --baseline");
    }
}
