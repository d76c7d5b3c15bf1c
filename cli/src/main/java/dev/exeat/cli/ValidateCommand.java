package dev.exeat.cli;

import dev.exeat.control.Validation;
import dev.exeat.model.Enforcement;
import dev.exeat.model.RegistryMode;
import dev.exeat.policy.CompileOptions;
import dev.exeat.policy.GatewayWorkload;
import dev.exeat.policy.ListContent;
import dev.exeat.policy.PolicyCompiler;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code exeat validate}. */
@Command(
        name = "validate",
        description = "Check resource files without putting them in force.",
        footer = {
            "",
            "Prints each problem with file, line and column, what is wrong, and what to do.",
            "Exit code 0 without errors, 1 with errors, 3 if a path cannot be read."
        })
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class ValidateCommand implements Callable<Integer> {
    private static final String STANDARD_INPUT = "-";

    private final InputStream in;
    private final boolean coloured;

    @Spec
    private CommandSpec command;

    @Option(
            names = {"-f", "--file"},
            paramLabel = "PATH",
            required = true,
            arity = "1..*",
            split = ",",
            hideParamSyntax = true,
            description = "Files, directories with all below them, or - for standard input. Repeatable.")
    private List<String> paths;

    ValidateCommand(InputStream in, boolean coloured) {
        this.in = in;
        this.coloured = coloured;
    }

    @Override
    public Integer call() {
        paths.forEach(ValidateCommand::requireReadable);
        Validation.Report report = new Validation(compiler(), in).validate(paths);
        PrintWriter out = command.commandLine().getOut();
        ProblemPrinter printer = new ProblemPrinter(out, coloured);
        report.problems().forEach(printer::print);
        out.println(summary(report));
        return report.errors() == 0 ? ExitCode.OK : ExitCode.FAILED;
    }

    private static void requireReadable(String path) {
        try {
            if (!path.equals(STANDARD_INPUT) && !Files.isReadable(Path.of(path))) {
                throw new CommandFailure(
                        ExitCode.UNKNOWN,
                        Files.exists(Path.of(path)) ? "cannot read " + path : "there is no file or directory " + path);
            }
        } catch (InvalidPathException e) {
            throw new CommandFailure(ExitCode.UNKNOWN, "'" + path + "' is no path: " + e.getReason());
        }
    }

    /** Every option that only moves verdicts is at its default; lists that are fetched at run time count as loaded. */
    private static PolicyCompiler compiler() {
        return new PolicyCompiler(new CompileOptions(
                RegistryMode.REGISTRY_ONLY,
                Enforcement.ENFORCE,
                Map.of(),
                new GatewayWorkload("", "", "", "", "cluster.local/ns/exeat-system/sa/exeat-gateway"),
                "istio-system",
                false,
                spec -> new ListContent(List.of(), Instant.EPOCH, false)));
    }

    private static String summary(Validation.Report report) {
        int objects =
                report.objects().values().stream().mapToInt(Integer::intValue).sum();
        String kinds = report.objects().entrySet().stream()
                .map(entry -> entry.getValue() + " " + entry.getKey())
                .collect(Collectors.joining(", "));
        return counted(report.files(), "file") + ", " + counted(objects, "sound object")
                + (kinds.isEmpty() ? "" : " (" + kinds + ")") + ": " + counted(report.errors(), "error") + ", "
                + counted(report.warnings(), "warning");
    }

    private static String counted(long count, String noun) {
        return count + " " + noun + (count == 1 ? "" : "s");
    }
}
