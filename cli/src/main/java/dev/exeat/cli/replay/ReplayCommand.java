package dev.exeat.cli.replay;

import dev.exeat.cli.CommandFailure;
import dev.exeat.cli.Console;
import dev.exeat.cli.ExitCode;
import dev.exeat.cli.ProblemPrinter;
import dev.exeat.cli.Progress;
import dev.exeat.cli.ask.PolicyOptions;
import dev.exeat.cli.ask.SoundPolicies;
import dev.exeat.cli.observe.FlowOptions;
import dev.exeat.cli.observe.FlowSourceOptions;
import dev.exeat.cli.observe.FlowText;
import dev.exeat.cli.replay.Replay.Result;
import dev.exeat.cli.running.RunningPolicies;
import dev.exeat.control.local.ControlClient;
import dev.exeat.control.local.ControlException;
import dev.exeat.flow.store.FlowHistory;
import dev.exeat.flow.store.FlowStoreException;
import dev.exeat.policy.PolicyCompiler;
import java.io.PrintWriter;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code exeat replay}. */
@Command(
        name = "replay",
        description =
                "Decide the connections of the past again under other policies, and say which would end otherwise.",
        footer = {
            "",
            "Each recorded attempt is judged as of the time when it came, also one that is still carried. What a policy let",
            "pass counts as passed, also where it could not be carried; what was denied for its address stays denied. What",
            "passes only because of an audit passes, and is told apart.",
            "",
            "Exit code 0 if all that passed would pass and all else would not, 1 if not so or policies are broken, 3 if the",
            "history, the policies or the gateway cannot be read."
        })
@SuppressWarnings("NullAway.Init") // picocli fills the fields
public final class ReplayCommand implements Callable<Integer> {
    private final Console console;
    private final InstantSource clock;
    private final Map<String, String> environment;

    @Spec
    private CommandSpec command;

    @Mixin
    private PolicyOptions policy;

    @Option(
            names = "--against",
            paramLabel = "recorded|running",
            defaultValue = "recorded",
            description =
                    "What the verdicts are compared with: those that were recorded, or those of the policies in force"
                            + " in the gateway that holds the data directory (${DEFAULT-VALUE}).")
    private Against against;

    @Mixin
    private FlowOptions flows;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "table|markdown|json",
            defaultValue = "table",
            description = "table; markdown, for comments; json: an object a line (${DEFAULT-VALUE}).")
    private Output output;

    @Mixin
    private FlowSourceOptions source;

    /** What verdicts are compared with. */
    enum Against {
        RECORDED,
        RUNNING
    }

    /** How flips are printed. */
    enum Output {
        TABLE,
        MARKDOWN,
        JSON
    }

    public ReplayCommand(Console console, InstantSource clock, Map<String, String> environment) {
        this.console = console;
        this.clock = clock;
        this.environment = environment;
    }

    @Override
    public Integer call() {
        policy.paths();
        Replay replay = replay();
        try (FlowHistory history = source.open(environment, console.in());
                Progress progress = new Progress(console, source.isFile() ? 0 : history.newest(), "records")) {
            history.each(flows.filter(clock.instant()), stored -> {
                replay.add(stored.flow());
                progress.at(stored.sequence());
            });
        } catch (FlowStoreException e) {
            throw new CommandFailure(ExitCode.UNKNOWN, String.valueOf(e.getMessage()));
        }
        Result result = replay.result();
        print(result);
        return result.flipped() == 0 ? ExitCode.OK : ExitCode.FAILED;
    }

    private Replay replay() {
        ProblemPrinter printer = new ProblemPrinter(command.commandLine().getErr(), console.colouredErr());
        if (against == Against.RECORDED) {
            PolicyCompiler compiler = policy.compiler();
            var proposed = SoundPolicies.of(policy.read(compiler, console.in()), printer);
            return new Replay(compiler.compile(proposed).snapshot(), null);
        }
        RunningPolicies running = running();
        var proposed = SoundPolicies.of(policy.read(running.compiler(), console.in()), printer);
        return new Replay(
                running.compiler().compile(proposed).snapshot(),
                running.compiler().compile(running.resources()).snapshot());
    }

    private RunningPolicies running() {
        try {
            return RunningPolicies.of(new ControlClient(source.dataDirectory(environment)));
        } catch (ControlException e) {
            throw new CommandFailure(
                    ExitCode.UNKNOWN, e.getMessage() + ", or compare with what was recorded: --against recorded");
        }
    }

    private void print(Result result) {
        PrintWriter out = command.commandLine().getOut();
        ReplayText text = new ReplayText(out, new FlowText(console.colouredOut(), ZoneId.systemDefault()));
        switch (output) {
            case TABLE -> text.table(result);
            case MARKDOWN -> text.markdown(result);
            case JSON -> text.json(result);
        }
    }
}
