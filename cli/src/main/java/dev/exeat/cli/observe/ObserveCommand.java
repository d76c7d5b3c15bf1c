package dev.exeat.cli.observe;

import dev.exeat.cli.CommandFailure;
import dev.exeat.cli.Console;
import dev.exeat.cli.ExitCode;
import dev.exeat.cli.observe.FlowPrinter.Output;
import dev.exeat.control.flows.FlowRoutes;
import dev.exeat.flow.query.FlowFilter;
import dev.exeat.flow.store.FlowFollower;
import dev.exeat.flow.store.FlowHistory;
import dev.exeat.flow.store.FlowStoreException;
import dev.exeat.flow.store.StoredFlow;
import dev.exeat.flow.store.Window;
import java.io.PrintWriter;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code exeat observe}. */
@Command(
        name = "observe",
        description = "Show connections, past and present: who talked to whom, and why not.",
        footer = {
            "",
            "Reads the history in the data directory, in a database, or at a server, or a file of records. Without --since, --until and --last it shows",
            "the last 20; with -f alone, those that come from now on. Times are of this machine's zone.",
            "",
            "Exit code 0, 3 if the history or the file cannot be read."
        })
@SuppressWarnings("NullAway.Init") // picocli fills the fields
public final class ObserveCommand implements Callable<Integer> {
    private static final int USUAL = 20;

    private final Console console;
    private final InstantSource clock;
    private final Map<String, String> environment;

    @Spec
    private CommandSpec command;

    @Option(
            names = {"-f", "--follow"},
            description =
                    "Go on with what happens, until interrupted. A connection is shown when it begins and when it ends.")
    private boolean follow;

    @Option(names = "--last", paramLabel = "N", description = "Only the last N that fit.")
    private @Nullable Integer last;

    @Mixin
    private FlowOptions flows;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORM",
            defaultValue = "compact",
            description = "compact: a sentence each; table; wide: a table with more columns; json: an array; jsonl: the"
                    + " records, a line each (${DEFAULT-VALUE}).")
    private Output output;

    @Mixin
    private FlowSourceOptions source;

    public ObserveCommand(Console console, InstantSource clock, Map<String, String> environment) {
        this.console = console;
        this.clock = clock;
        this.environment = environment;
    }

    @Override
    public Integer call() {
        requireFitting();
        FlowFilter filter = flows.filter(clock.instant());
        PrintWriter out = command.commandLine().getOut();
        FlowPrinter printer = new FlowPrinter(out, output, new FlowText(console.colouredOut(), ZoneId.systemDefault()));
        try (FlowHistory history = source.open(environment, console.in())) {
            long[] newest = {follow ? history.newest() : 0};
            if (!follow || last != null || flows.hasSpan()) {
                history.read(filter, window(), stored -> {
                    newest[0] = Math.max(newest[0], stored.sequence());
                    printer.print(stored.flow());
                    return true;
                });
            }
            if (follow) {
                follow(history, filter, newest[0], printer);
            }
        } catch (FlowStoreException e) {
            throw new CommandFailure(ExitCode.UNKNOWN, String.valueOf(e.getMessage()));
        }
        printer.end();
        return ExitCode.OK;
    }

    private void requireFitting() {
        if (last != null && last < 1) {
            throw new ParameterException(command.commandLine(), "--last takes a number from 1");
        }
        if (last != null && last > FlowRoutes.MOST_LAST && source.isServer()) {
            throw new ParameterException(
                    command.commandLine(),
                    "a server tells of the last " + FlowRoutes.MOST_LAST + " at most; ask with --since for more");
        }
        if (follow && source.isFile()) {
            throw new ParameterException(command.commandLine(), "-f follows the history, not a file of --records");
        }
        if (follow && !output.isStream()) {
            throw new ParameterException(command.commandLine(), "-f goes with -o compact and -o jsonl");
        }
    }

    private Window window() {
        if (last != null) {
            return Window.last(last);
        }
        return flows.hasSpan() ? Window.ALL : Window.last(USUAL);
    }

    /** Until interrupted, or nobody reads any more. */
    private void follow(FlowHistory history, FlowFilter filter, long from, FlowPrinter printer) {
        PrintWriter out = command.commandLine().getOut();
        history.follow(filter, from, new FlowFollower() {
            @Override
            public void show(StoredFlow flow) {
                printer.print(flow.flow());
            }

            @Override
            public void missed(long count) {
                command.commandLine().getErr().println(count + " connections are not shown, for they came too fast");
            }

            @Override
            public boolean goesOn() {
                return !out.checkError();
            }
        });
    }
}
