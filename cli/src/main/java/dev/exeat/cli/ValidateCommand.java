package dev.exeat.cli;

import dev.exeat.cli.ask.PolicyOptions;
import dev.exeat.control.Validation;
import java.io.InputStream;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
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
    private final InputStream in;
    private final boolean coloured;

    @Spec
    private CommandSpec command;

    @Mixin
    private PolicyOptions policy;

    ValidateCommand(InputStream in, boolean coloured) {
        this.in = in;
        this.coloured = coloured;
    }

    @Override
    public Integer call() {
        Validation.Report report = new Validation(policy.compiler(), in).validate(policy.paths());
        PrintWriter out = command.commandLine().getOut();
        ProblemPrinter printer = new ProblemPrinter(out, coloured);
        report.problems().forEach(printer::print);
        report.effects().forEach((object, effect) -> printer.note(object, effect));
        out.println(summary(report));
        return report.errors() == 0 ? ExitCode.OK : ExitCode.FAILED;
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
