package dev.exeat.cli.lint;

import dev.exeat.cli.ExitCode;
import dev.exeat.cli.ProblemPrinter;
import dev.exeat.cli.ask.PolicyOptions;
import dev.exeat.control.ManifestSet;
import dev.exeat.policy.PolicyCompiler;
import dev.exeat.policy.lint.Linter;
import dev.exeat.policy.lint.hosts.PublicSuffixes;
import dev.exeat.policy.manifest.Spelling;
import java.io.InputStream;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code exeat lint}. */
@Command(
        name = "lint",
        description = "Find what is wrong in resource files, and what is probably not meant.",
        footer = {
            "",
            "Prints all that 'exeat validate' does, and warnings about what is legal: each with its code, file, line,",
            "what to do; 'exeat lint --explain CODE' says more. An object leaves warnings out by an annotation,",
            "exeat.dev/lint-ignore: \"CODE: the reason\".",
            "Exit code 0 if nothing was found, 1 if something was, 3 if a path cannot be read."
        })
@SuppressWarnings("NullAway.Init") // picocli fills the fields
public final class LintCommand implements Callable<Integer> {
    private final InputStream in;
    private final boolean coloured;
    private final InstantSource clock;
    private final String version;

    @Spec
    private CommandSpec command;

    @Mixin
    private PolicyOptions policy;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "text|json|sarif",
            defaultValue = "text",
            description = "text; json: one object; sarif: for code scanners (${DEFAULT-VALUE}).")
    private Output output;

    @Option(
            names = "--ignore",
            paramLabel = "CODE",
            split = ",",
            description = "Leave out warnings with this code. Repeatable.")
    private @Nullable List<String> ignored;

    @Option(
            names = "--fail-on",
            paramLabel = "error|warning",
            defaultValue = "warning",
            description = "What counts for exit code 1: warnings too, or errors alone (${DEFAULT-VALUE}).")
    private FailOn failOn;

    @Option(
            names = "--ends-within",
            paramLabel = "D",
            defaultValue = "14d",
            description = "Tell of audits and allowances that end within this time; 0 for none (${DEFAULT-VALUE}).")
    private Duration endsWithin;

    @Option(names = "--explain", paramLabel = "CODE", description = "Print what a code means, and do nothing else.")
    private @Nullable String explained;

    enum Output {
        TEXT,
        JSON,
        SARIF
    }

    enum FailOn {
        ERROR,
        WARNING
    }

    /** @param version of the program, for reports */
    public LintCommand(InputStream in, boolean coloured, InstantSource clock, String version) {
        this.in = in;
        this.coloured = coloured;
        this.clock = clock;
        this.version = version;
    }

    @Override
    public Integer call() {
        PrintWriter out = command.commandLine().getOut();
        LintPages pages = LintPages.bundled();
        if (explained != null) {
            requireKnown("--explain", explained, pages);
            out.println(explained + "\n\n" + pages.section(explained));
            return ExitCode.OK;
        }
        List<String> codes = ignored == null ? List.of() : ignored;
        codes.forEach(code -> requireKnown("--ignore", code, pages));
        PolicyCompiler compiler = policy.compiler();
        ManifestSet set = policy.read(compiler, in);
        Linter linter = new Linter(compiler, PublicSuffixes.bundled(), endsWithin);
        LintReport report = LintReport.of(set, compiler, linter, codes, clock.instant());
        switch (output) {
            case TEXT -> print(report, out);
            case JSON -> out.println(LintJson.of(report));
            case SARIF -> out.println(new LintSarif(pages, version).of(report));
        }
        boolean failed = failOn == FailOn.ERROR
                ? report.errors() > 0
                : !report.problems().isEmpty();
        return failed ? ExitCode.FAILED : ExitCode.OK;
    }

    private void requireKnown(String option, String code, LintPages pages) {
        if (!pages.codes().contains(code)) {
            String near = Spelling.cure(code, pages.codes());
            throw new ParameterException(
                    command.commandLine(),
                    "Invalid value for option '" + option + "': there is no code " + code
                            + (near.isEmpty() ? "" : "; " + near));
        }
    }

    private void print(LintReport report, PrintWriter out) {
        ProblemPrinter printer = new ProblemPrinter(out, coloured);
        report.problems().forEach(printer::print);
        out.println(counted(report.files(), "file") + ", " + counted(report.objects(), "object") + ": "
                + counted(report.errors(), "error") + ", " + counted(report.warnings(), "warning")
                + (report.ignored() == 0 ? "" : " (" + report.ignored() + " ignored)"));
        if (!report.problems().isEmpty()) {
            out.println("What a code means: exeat lint --explain "
                    + report.problems().getFirst().code());
        }
    }

    private static String counted(long count, String noun) {
        return count + " " + noun + (count == 1 ? "" : "s");
    }
}
