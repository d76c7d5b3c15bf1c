package dev.exeat.cli.seen;

import dev.exeat.cli.Columns;
import dev.exeat.cli.Console;
import dev.exeat.cli.ExitCode;
import dev.exeat.cli.ObjectPrinter;
import dev.exeat.cli.seen.Evidence.Seen;
import dev.exeat.cli.seen.Evidence.Target;
import dev.exeat.cli.seen.Evidence.Visits;
import dev.exeat.flow.query.Flow.Who;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code exeat drift}. */
@Command(
        name = "drift",
        description = "Say who went where that is not in a baseline.",
        footer = {
            "",
            "The baseline is a text file with WHO HOST:PORT in each line, in which * stands for any text; # begins a",
            "comment. Attempts that were denied count too; clients without an identity count as one, (no-identity).",
            "",
            "Exit code 0 if nothing is new, 1 if something is, 3 if the history or a file cannot be read. With --update it",
            "is 0: what is new is in the baseline then."
        })
@SuppressWarnings("NullAway.Init") // picocli fills the fields
public final class DriftCommand implements Callable<Integer> {
    private static final List<String> HEAD = List.of("WHO", "TO", "FIRST SEEN", "PASSED", "WOULD DENY", "DENIED");

    private final Console console;
    private final InstantSource clock;
    private final Map<String, String> environment;

    @Spec
    private CommandSpec command;

    @Option(names = "--baseline", paramLabel = "FILE", required = true, description = "The pairs that are known.")
    private Path baseline;

    @Option(names = "--update", description = "Add what is new to the baseline, and make it where there is none.")
    private boolean update;

    @Mixin
    private EvidenceOptions evidence;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "table|markdown|json",
            defaultValue = "table",
            description = "table; markdown, for comments; json: an object a line (${DEFAULT-VALUE}).")
    private Output output;

    /** How pairs are printed. */
    enum Output {
        TABLE,
        MARKDOWN,
        JSON
    }

    /** A pair that the baseline does not have. */
    private record Fresh(Who who, Target target, Visits visits) {}

    public DriftCommand(Console console, InstantSource clock, Map<String, String> environment) {
        this.console = console;
        this.clock = clock;
        this.environment = environment;
    }

    @Override
    public Integer call() {
        Baseline known = Baseline.read(baseline, update);
        List<Fresh> fresh = new ArrayList<>();
        Evidence seen = evidence.read(environment, console.in(), clock.instant());
        addFresh(Who.of(""), seen.anonymous(), known, fresh);
        seen.identities().forEach((identity, targets) -> addFresh(Who.of(identity), targets, known, fresh));
        print(fresh);
        if (update && !fresh.isEmpty()) {
            known.add(fresh.stream().map(DriftCommand::line).toList());
        }
        return fresh.isEmpty() || update ? ExitCode.OK : ExitCode.FAILED;
    }

    private static void addFresh(Who who, Seen seen, Baseline known, List<Fresh> fresh) {
        seen.targets().forEach((target, visits) -> {
            if (!known.knows(who, Baseline.target(target.host(), target.port()))) {
                fresh.add(new Fresh(who, target, visits));
            }
        });
    }

    private static String line(Fresh fresh) {
        return Baseline.name(fresh.who()) + " "
                + Baseline.target(fresh.target().host(), fresh.target().port());
    }

    private void print(List<Fresh> fresh) {
        PrintWriter out = command.commandLine().getOut();
        switch (output) {
            case TABLE -> {
                List<List<String>> rows = new ArrayList<>(List.of(HEAD));
                fresh.forEach(each -> rows.add(row(each)));
                if (!fresh.isEmpty()) {
                    Columns.print(rows, out);
                }
                out.println(summary(fresh));
            }
            case MARKDOWN -> {
                if (!fresh.isEmpty()) {
                    out.println("| who | to | first seen | passed | would deny | denied |");
                    out.println("|---|---|---|---:|---:|---:|");
                    fresh.forEach(each -> out.println("| "
                            + String.join(
                                    " | ",
                                    row(each).stream().map(Columns::markdown).toList()) + " |"));
                    out.println();
                }
                out.println(summary(fresh));
            }
            case JSON -> fresh.forEach(each -> out.println(json(each)));
        }
    }

    private static String summary(List<Fresh> fresh) {
        return fresh.isEmpty()
                ? "nothing is new"
                : fresh.size() + (fresh.size() == 1 ? " pair is new" : " pairs are new");
    }

    private static List<String> row(Fresh fresh) {
        return List.of(
                Baseline.name(fresh.who()),
                Baseline.target(fresh.target().host(), fresh.target().port()),
                fresh.visits().attempted().toString(),
                Long.toString(fresh.visits().passed()),
                Long.toString(fresh.visits().wouldDeny()),
                Long.toString(fresh.visits().denied()));
    }

    private static String json(Fresh fresh) {
        Map<String, Object> fields = new LinkedHashMap<>();
        if (!fresh.who().identity().isEmpty()) {
            fields.put("identity", fresh.who().identity());
        }
        fields.put("host", fresh.target().host());
        fields.put("port", fresh.target().port());
        Instant first = fresh.visits().attempted();
        fields.put("first_seen", first.toString());
        fields.put("passed", fresh.visits().passed());
        fields.put("would_deny", fresh.visits().wouldDeny());
        fields.put("denied", fresh.visits().denied());
        return ObjectPrinter.line(fields);
    }
}
