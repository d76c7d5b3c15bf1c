package dev.exeat.cli.cases;

import dev.exeat.cli.CommandFailure;
import dev.exeat.cli.ExitCode;
import dev.exeat.cli.ProblemPrinter;
import dev.exeat.cli.ask.PolicyOptions;
import dev.exeat.cli.ask.Printable;
import dev.exeat.control.ManifestSet;
import dev.exeat.control.manifest.ManifestReader;
import dev.exeat.model.Problem;
import dev.exeat.model.Resource;
import dev.exeat.policy.Compilation;
import dev.exeat.policy.Decision;
import dev.exeat.policy.DecisionTrace;
import dev.exeat.policy.PolicyCompiler;
import dev.exeat.policy.Snapshot;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code exeat test}. */
@Command(
        name = "test",
        description = "Hold policies against cases: who may reach what, and who may not.",
        footer = {
            "",
            "A file of cases:",
            "",
            "  cases:",
            "  - name: the American team does not read the English site",
            "    as: default/sleep-us            # or a SPIFFE ID, or a list",
            "    to: en.wikipedia.org            # or host:port, or a list",
            "    expect: deny                    # or allow, or audit: it passes, but would be denied",
            "",
            "Exit code 0 if all cases hold, 1 if one does not or policies are broken, 3 if a file cannot be read."
        })
@SuppressWarnings("NullAway.Init") // picocli fills the fields
public final class TestCommand implements Callable<Integer> {
    private static final String GREEN = "\u001b[32m";
    private static final String RED = "\u001b[31m";
    private static final String PLAIN = "\u001b[0m";
    private static final int MISSED_SHOWN = 20;

    private final InputStream in;
    private final boolean coloured;
    private final InstantSource clock;

    @Spec
    private CommandSpec command;

    @Parameters(paramLabel = "CASES", arity = "1..*", description = "Files of cases.")
    private List<Path> files;

    @Mixin
    private PolicyOptions policy;

    @Option(
            names = "--junit",
            paramLabel = "FILE",
            description = "Write the results there too, as the XML that build servers read.")
    private @Nullable Path junit;

    @Option(
            names = "--min-coverage",
            paramLabel = "PERCENT",
            defaultValue = "0",
            description = "Fail if cases match fewer of the rules than so many in a hundred (${DEFAULT-VALUE}).")
    private int minCoverage;

    @Option(
            names = {"-v", "--verbose"},
            description = "Tell of the cases that hold, too, and of every rule that no case matches.")
    private boolean verbose;

    /** @param in what {@code -f -} reads */
    public TestCommand(InputStream in, boolean coloured, InstantSource clock) {
        this.in = in;
        this.coloured = coloured;
        this.clock = clock;
    }

    @Override
    public Integer call() {
        if (minCoverage < 0 || minCoverage > 100) {
            throw new ParameterException(command.commandLine(), "--min-coverage is a number from 0 to 100");
        }
        Instant now = clock.instant();
        List<Expectation> expectations = new ArrayList<>();
        boolean sound = true;
        for (Path file : files) {
            ExpectationReader.CaseFile read =
                    new ExpectationReader(policy.trustDomain(), now).read(file.toString(), octets(file));
            sound &= tell(read.problems());
            expectations.addAll(read.expectations());
        }
        if (expectations.isEmpty() && sound) {
            throw new CommandFailure("there are no cases in these files; begin them with \"cases:\" and a list");
        }
        PolicyCompiler compiler = policy.compiler();
        ManifestSet set = policy.read(compiler, in);
        Compilation compilation = compiler.compile(set.all());
        sound &= tell(errors(set.problems()));
        sound &= tell(errors(compilation.problems()));
        Coverage coverage = new Coverage(
                compilation.snapshot(), set.all().stream().map(Resource::key).toList());
        List<CaseResult> results = expectations.stream()
                .map(expectation -> judge(expectation, compilation.snapshot(), coverage))
                .toList();
        results.forEach(this::print);
        boolean covered = summary(results, coverage);
        if (junit != null) {
            report(junit, results);
        }
        return sound && covered && results.stream().allMatch(CaseResult::passed) ? ExitCode.OK : ExitCode.FAILED;
    }

    private static CaseResult judge(Expectation expectation, Snapshot snapshot, Coverage coverage) {
        DecisionTrace trace = new DecisionTrace();
        long start = System.nanoTime();
        Decision decision = snapshot.decide(expectation.attempt(), trace);
        long nanos = System.nanoTime() - start;
        coverage.add(trace.steps());
        return new CaseResult(expectation, expectation.difference(decision), nanos);
    }

    private static byte[] octets(Path file) {
        try {
            if (Files.size(file) > ManifestReader.MAX_BYTES) {
                throw new CommandFailure(ExitCode.UNKNOWN, file + " is too large; split it into several files");
            }
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new CommandFailure(
                    ExitCode.UNKNOWN,
                    Files.exists(file) ? "cannot read " + file + ": " + e.getMessage() : "there is no file " + file);
        }
    }

    /** @return whether there is no error among them */
    private boolean tell(List<Problem> problems) {
        ProblemPrinter printer = new ProblemPrinter(command.commandLine().getErr(), coloured);
        problems.forEach(printer::print);
        return problems.stream().noneMatch(Problem::isError);
    }

    private static List<Problem> errors(List<Problem> problems) {
        return problems.stream().filter(Problem::isError).toList();
    }

    private void print(CaseResult result) {
        PrintWriter out = command.commandLine().getOut();
        Expectation expectation = result.expectation();
        if (!result.passed()) {
            out.println(paint(RED, "FAIL") + "  " + Printable.of(expectation.name()));
            out.println("      " + Printable.of(expectation.place() + ": " + result.difference()));
        } else if (verbose) {
            out.println(paint(GREEN, "ok") + "    " + Printable.of(expectation.name()));
        }
    }

    /** @return whether enough rules are covered */
    private boolean summary(List<CaseResult> results, Coverage coverage) {
        PrintWriter out = command.commandLine().getOut();
        long failed = results.stream().filter(result -> !result.passed()).count();
        var missed = coverage.missed();
        int shown = verbose ? missed.size() : Math.min(missed.size(), MISSED_SHOWN);
        missed.subList(0, shown).forEach(rule -> out.println("not covered  " + Printable.of(rule.toString())));
        if (shown < missed.size()) {
            out.println("not covered  and " + (missed.size() - shown) + " more; --verbose tells all");
        }
        out.println(results.size() + (results.size() == 1 ? " case, " : " cases, ")
                + paint(failed == 0 ? GREEN : RED, failed + " failed") + "; "
                + (coverage.rules() - missed.size()) + " of " + coverage.rules() + " rules covered ("
                + coverage.percent() + " %)");
        if (coverage.percent() < minCoverage) {
            out.println("that is less than --min-coverage " + minCoverage);
            return false;
        }
        return true;
    }

    private void report(Path file, List<CaseResult> results) {
        try {
            JUnitReport.write(file, "exeat test", results);
        } catch (IOException e) {
            throw new CommandFailure(ExitCode.UNKNOWN, "cannot write " + file + ": " + e.getMessage());
        }
    }

    private String paint(String colour, String text) {
        return coloured ? colour + text + PLAIN : text;
    }
}
