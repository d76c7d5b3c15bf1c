package dev.exeat.cli.rules;

import dev.exeat.cli.Columns;
import dev.exeat.cli.CommandFailure;
import dev.exeat.cli.Console;
import dev.exeat.cli.ExitCode;
import dev.exeat.cli.ObjectPrinter;
import dev.exeat.cli.ProblemPrinter;
import dev.exeat.cli.Progress;
import dev.exeat.cli.ask.PolicyOptions;
import dev.exeat.cli.ask.SoundPolicies;
import dev.exeat.cli.observe.FlowSourceOptions;
import dev.exeat.cli.options.MomentConverter;
import dev.exeat.cli.options.MomentConverter.Moment;
import dev.exeat.cli.running.RunningPolicies;
import dev.exeat.control.local.ControlClient;
import dev.exeat.control.local.ControlException;
import dev.exeat.flow.query.FlowFilter;
import dev.exeat.flow.store.FlowHistory;
import dev.exeat.flow.store.FlowStoreException;
import dev.exeat.flow.store.Window;
import dev.exeat.model.ObjectKey;
import dev.exeat.model.PolicyRef;
import dev.exeat.model.Resource;
import dev.exeat.policy.PolicyCompiler;
import dev.exeat.policy.Snapshot;
import java.io.PrintWriter;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code exeat rules unused}. */
@Command(
        name = "unused",
        description = "Say which rules no recorded connection needed.",
        footer = {
            "",
            "Asks about the policies in files (-f), or about those in force in the gateway that holds the data directory.",
            "A rule is needed if a record names it, or if it matches an attempt of the past that is judged again.",
            "",
            "Exit code 0 if all rules were needed, 1 if some were not or policies are broken, 3 if the history, the",
            "policies or the gateway cannot be read."
        })
@SuppressWarnings("NullAway.Init") // picocli fills the fields
public final class UnusedCommand implements Callable<Integer> {
    private static final List<String> HEAD = List.of("RULE", "STANDS", "NOTE");

    private final Console console;
    private final InstantSource clock;
    private final Map<String, String> environment;

    @Spec
    private CommandSpec command;

    @Mixin
    private PolicyOptions policy;

    @Option(
            names = "--since",
            paramLabel = "T",
            defaultValue = "30d",
            converter = MomentConverter.class,
            description = "Needed since then: so long ago, as in 7d, or a time such as 2026-01-31T12:00:00Z"
                    + " (${DEFAULT-VALUE}).")
    private Moment since;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "table|json",
            defaultValue = "table",
            description = "table, or json: an object a line (${DEFAULT-VALUE}).")
    private Output output;

    @Mixin
    private FlowSourceOptions source;

    /** How rules are printed. */
    enum Output {
        TABLE,
        JSON
    }

    /** The policies that are asked about. */
    private record Asked(Snapshot snapshot, Map<ObjectKey, Resource> objects) {
        static Asked of(PolicyCompiler compiler, Collection<Resource> resources) {
            Map<ObjectKey, Resource> objects = new LinkedHashMap<>();
            resources.forEach(resource -> objects.putIfAbsent(resource.key(), resource));
            return new Asked(compiler.compile(resources).snapshot(), objects);
        }
    }

    public UnusedCommand(Console console, InstantSource clock, Map<String, String> environment) {
        this.console = console;
        this.clock = clock;
        this.environment = environment;
    }

    @Override
    public Integer call() {
        Instant from = since.at(clock.instant());
        Asked asked = policy.given() ? given() : running();
        Usage usage = new Usage(asked.snapshot(), asked.objects().keySet());
        Instant begun = read(usage, from);
        List<PolicyRef> unused;
        try (Progress progress = new Progress(console, usage.attempts(), "attempts")) {
            unused = usage.unused(() -> progress.add(1));
        }
        List<Unused> rules = unused.stream()
                .map(rule -> Unused.of(rule, asked.objects().get(rule.object()), from))
                .toList();
        print(rules, usage, from);
        sayReach(usage, from, begun);
        return rules.isEmpty() ? ExitCode.OK : ExitCode.FAILED;
    }

    private Asked given() {
        PolicyCompiler compiler = policy.compiler();
        ProblemPrinter printer = new ProblemPrinter(command.commandLine().getErr(), console.colouredErr());
        return Asked.of(compiler, SoundPolicies.of(policy.read(compiler, console.in()), printer));
    }

    private Asked running() {
        try {
            RunningPolicies running = RunningPolicies.of(new ControlClient(source.dataDirectory(environment)));
            return Asked.of(running.compiler(), running.resources());
        } catch (ControlException e) {
            throw new CommandFailure(ExitCode.UNKNOWN, e.getMessage() + ", or name policies with -f");
        }
    }

    /** Reads the sums, which reach back further, and the records; returns when the history begins. */
    private Instant read(Usage usage, Instant from) {
        Instant[] begun = {clock.instant()};
        try (FlowHistory history = source.open(environment, console.in());
                Progress progress = new Progress(console, source.isFile() ? 0 : history.newest(), "records")) {
            if (!source.isFile()) {
                history.minutes(Instant.EPOCH, clock.instant(), sum -> {
                    begun[0] = earlier(sum.minute(), begun[0]);
                    if (!sum.minute().isBefore(from)) {
                        usage.add(sum);
                    }
                    return true;
                });
            }
            history.read(FlowFilter.ALL, Window.ALL, stored -> {
                Instant time = stored.flow().time();
                begun[0] = earlier(time, begun[0]);
                if (!time.isBefore(from)) {
                    usage.add(stored.flow());
                }
                progress.at(stored.sequence());
                return true;
            });
            return begun[0];
        } catch (FlowStoreException e) {
            throw new CommandFailure(ExitCode.UNKNOWN, String.valueOf(e.getMessage()));
        }
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }

    private void print(List<Unused> rules, Usage usage, Instant from) {
        PrintWriter out = command.commandLine().getOut();
        if (output == Output.JSON) {
            rules.forEach(rule -> out.println(ObjectPrinter.line(rule.fields())));
            return;
        }
        if (!rules.isEmpty()) {
            List<List<String>> rows = new ArrayList<>(List.of(HEAD));
            rules.forEach(rule -> rows.add(rule.row()));
            Columns.print(rows, out);
        }
        out.println(rules.size() + " of " + usage.rules() + " rules were not needed since " + from);
    }

    /** What the answer does not rest on. */
    private void sayReach(Usage usage, Instant from, Instant begun) {
        PrintWriter err = command.commandLine().getErr();
        if (begun.isAfter(from)) {
            err.println("the history begins at " + begun + ": what was needed between " + from
                    + " and then, it does not know");
        }
        if (usage.leftOut() > 0) {
            err.println(
                    usage.leftOut() + " connections were not judged again, for there are too many clients and hosts;"
                            + " the rules that their records name count as needed");
        }
    }
}
