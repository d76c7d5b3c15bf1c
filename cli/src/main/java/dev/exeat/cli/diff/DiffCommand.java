package dev.exeat.cli.diff;

import dev.exeat.cli.CommandFailure;
import dev.exeat.cli.Console;
import dev.exeat.cli.ExitCode;
import dev.exeat.cli.ProblemPrinter;
import dev.exeat.cli.Progress;
import dev.exeat.cli.answer.Question;
import dev.exeat.cli.ask.PolicyOptions;
import dev.exeat.cli.ask.SoundPolicies;
import dev.exeat.cli.objects.ObjectDiff;
import dev.exeat.cli.objects.ServerOptions;
import dev.exeat.cli.options.DataDirectoryOption;
import dev.exeat.cli.running.RunningPolicies;
import dev.exeat.control.ManifestSet;
import dev.exeat.control.local.ControlClient;
import dev.exeat.control.local.ControlException;
import dev.exeat.model.HelloFacts;
import dev.exeat.model.HostPort;
import dev.exeat.model.Resource;
import dev.exeat.policy.PolicyCompiler;
import dev.exeat.policy.diff.Flip;
import dev.exeat.policy.diff.PolicyDiff;
import dev.exeat.policy.diff.PolicyDiff.Hello;
import dev.exeat.policy.diff.Population;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code exeat diff}. */
@Command(
        name = "diff",
        description = "Say of which clients and hosts the verdict changes with other policies.",
        footer = {
            "",
            "Every client that either set of policies speaks of is judged with every host: accounts, SPIFFE IDs, hosts and",
            "ports. another-account stands for the accounts that no policy names, another.example.com for the hosts below",
            "*.example.com that none does, and another-host.example for all others.",
            "",
            "With --objects it says what 'exeat apply' would change in the objects of the resource API, as 'kubectl diff'",
            "does, and judges nobody.",
            "",
            "Exit code 0 if no verdict changes (with --objects: no object), 1 if one does or policies are broken, 3 if they",
            "cannot be read."
        })
@SuppressWarnings("NullAway.Init") // picocli fills the fields
public final class DiffCommand implements Callable<Integer> {
    private static final String RUNNING = "running";
    private static final long MOST_PAIRS = 100_000_000;
    private static final int TLS_1_0 = 0x0301;
    private static final int TLS_1_2 = 0x0303;
    private static final int TLS_1_3 = 0x0304;

    private final Console console;
    private final InstantSource clock;
    private final Map<String, String> environment;

    @Spec
    private CommandSpec command;

    @Mixin
    private PolicyOptions policy;

    @Option(
            names = "--against",
            paramLabel = "running|PATH",
            defaultValue = RUNNING,
            description =
                    "What the policies of -f are held against: files, or what is in force in the gateway that holds"
                            + " the data directory (${DEFAULT-VALUE}).")
    private String against;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "table|markdown|json",
            defaultValue = "table",
            description = "table; markdown, for comments; json: an object a line (${DEFAULT-VALUE}).")
    private Output output;

    @Option(
            names = "--objects",
            description = "Compare objects instead of verdicts: those of -f with those of the resource API.")
    private boolean objects;

    @Mixin
    private ServerOptions server;

    @Mixin
    private DataDirectoryOption dataDirectory;

    /** How the difference is printed. */
    enum Output {
        TABLE,
        MARKDOWN,
        JSON
    }

    /** Two sets of policies, compiled the same way. */
    private record Sides(PolicyCompiler compiler, Collection<Resource> before, Collection<Resource> after) {}

    public DiffCommand(Console console, InstantSource clock, Map<String, String> environment) {
        this.console = console;
        this.clock = clock;
        this.environment = environment;
    }

    @Override
    public Integer call() {
        requireFitting();
        if (objects) {
            return new ObjectDiff(console, command.commandLine())
                    .run(policy.paths(), server, dataDirectory, environment);
        }
        Sides sides = sides();
        String trustDomain = sides.compiler().options().gateway().trustDomain();
        List<Resource> all = new ArrayList<>(sides.before());
        all.addAll(sides.after());
        Population population = Population.of(all, trustDomain);
        if (population.pairs() > MOST_PAIRS) {
            throw new CommandFailure(
                    ExitCode.UNKNOWN,
                    population.clients().size() + " clients and "
                            + population.targets().size()
                            + " hosts are too many to hold against each other; name fewer files with -f and --against");
        }
        List<Flip> flips = flips(sides, population);
        DiffText text = new DiffText(command.commandLine().getOut(), trustDomain);
        switch (output) {
            case TABLE -> text.table(flips, population.pairs());
            case MARKDOWN -> text.markdown(flips, population.pairs());
            case JSON -> text.json(flips);
        }
        return flips.isEmpty() ? ExitCode.OK : ExitCode.FAILED;
    }

    private void requireFitting() {
        List<String> others = objects
                ? List.of("--against", "--output", "--registry", "--compat", "--label", "--trust-domain")
                : List.of("--kubeconfig", "--namespace");
        for (String option : others) {
            if (command.commandLine().getParseResult().hasMatchedOption(option)) {
                throw new ParameterException(
                        command.commandLine(),
                        option + (objects ? " is for verdicts, not" : " goes with") + " --objects");
            }
        }
    }

    private List<Flip> flips(Sides sides, Population population) {
        try (Progress progress = new Progress(console, population.pairs(), "pairs")) {
            return new PolicyDiff(
                            sides.compiler().compile(sides.before()).snapshot(),
                            sides.compiler().compile(sides.after()).snapshot())
                    .flips(population, hellos(population), clock.instant(), progress::add);
        }
    }

    /** Where policies ask for it, also a hello with nothing that they could want, and one with all that they could mind. */
    private static List<Hello> hellos(Population population) {
        Hello usual = new Hello("", Question::usual);
        if (!population.conditional()) {
            return List.of(usual);
        }
        return List.of(
                usual,
                new Hello("TLS 1.2, no ALPN", target -> facts(target, List.of(TLS_1_2), List.of(), false, false)),
                new Hello("TLS 1.0", target -> facts(target, List.of(TLS_1_0), List.of(), false, false)),
                new Hello("ECH", target -> facts(target, List.of(TLS_1_3), List.of("h2"), true, true)));
    }

    private static HelloFacts facts(
            HostPort target, List<Integer> versions, List<String> alpn, boolean ech, boolean postQuantum) {
        HelloFacts usual = Question.usual(target);
        return new HelloFacts(usual.serverName(), usual.rawName(), versions, alpn, ech, postQuantum, usual.length());
    }

    private Sides sides() {
        if (against.equals(RUNNING)) {
            RunningPolicies running = running();
            return new Sides(
                    running.compiler(), running.resources(), sound(policy.read(running.compiler(), console.in())));
        }
        PolicyCompiler compiler = policy.compiler();
        return new Sides(
                compiler,
                sound(PolicyOptions.read(compiler, List.of(against.split(",")), console.in())),
                sound(policy.read(compiler, console.in())));
    }

    private RunningPolicies running() {
        policy.paths();
        try {
            return RunningPolicies.of(new ControlClient(dataDirectory.resolve(environment)));
        } catch (ControlException e) {
            throw new CommandFailure(ExitCode.UNKNOWN, e.getMessage() + ", or compare with files: --against PATH");
        }
    }

    private Collection<Resource> sound(ManifestSet set) {
        return SoundPolicies.of(set, new ProblemPrinter(command.commandLine().getErr(), console.colouredErr()));
    }
}
