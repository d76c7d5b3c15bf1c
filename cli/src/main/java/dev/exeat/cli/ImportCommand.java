package dev.exeat.cli;

import dev.exeat.cli.ask.Printable;
import dev.exeat.control.importing.ImportException;
import dev.exeat.control.importing.ImportOptions;
import dev.exeat.control.importing.ImportSource;
import dev.exeat.control.importing.Imported;
import dev.exeat.control.importing.Loss;
import dev.exeat.control.importing.PolicyImport;
import dev.exeat.control.importing.PolicyText;
import dev.exeat.control.manifest.ManifestReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code exeat import}. */
@Command(
        name = "import",
        description = "Turn the egress rules of another product into EgressPolicy objects.",
        footer = {
            "",
            "Prints the objects as YAML, and on standard error what could not be carried over, with its place and why.",
            "They never allow more than the source did.",
            "Exit code 0, also with losses unless --fail-on-loss; 1 if the file cannot be imported, 3 if it cannot be read."
        })
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class ImportCommand implements Callable<Integer> {
    private static final String STANDARD_INPUT = "-";
    private static final String ROOT_NAMESPACE = "istio-system";

    private final InputStream in;
    private final boolean coloured;

    @Spec
    private CommandSpec command;

    @Parameters(
            index = "0",
            paramLabel = "SOURCE",
            converter = SourceConverter.class,
            description = "smokescreen, cilium, linkerd, squid or harden-runner.")
    private ImportSource source;

    @Parameters(index = "1", paramLabel = "FILE", description = "The file, or - for standard input.")
    private String file;

    @Option(
            names = {"-n", "--namespace"},
            paramLabel = "NS",
            defaultValue = "default",
            description = "The namespace of the service accounts, where the file names none (${DEFAULT-VALUE}).")
    private String namespace;

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "With what the names of the policies begin (the source).")
    private @Nullable String name;

    @Option(
            names = "--account-label",
            paramLabel = "LABEL",
            description = "cilium: a label of pods whose value is the name of their service account.")
    private @Nullable String accountLabel;

    @Option(
            names = "--deep-wildcards",
            description =
                    "cilium, harden-runner: let wildcards of one label become wildcards of any depth, which allow more.")
    private boolean deepWildcards;

    @Option(names = "--fail-on-loss", description = "End with 1 if anything could not be carried over as it was.")
    private boolean failOnLoss;

    ImportCommand(InputStream in, boolean coloured) {
        this.in = in;
        this.coloured = coloured;
    }

    /** Reads the name of a source as people write it. */
    static final class SourceConverter implements ITypeConverter<ImportSource> {
        @Override
        public ImportSource convert(String text) {
            return Arrays.stream(ImportSource.values())
                    .filter(value -> value.toString().equals(text))
                    .findFirst()
                    .orElseThrow(() -> new TypeConversionException("'" + text + "' is none of "
                            + Arrays.stream(ImportSource.values())
                                    .map(ImportSource::toString)
                                    .collect(Collectors.joining(", "))));
        }
    }

    @Override
    public Integer call() {
        PrintWriter err = command.commandLine().getErr();
        String title = file.equals(STANDARD_INPUT) ? "<stdin>" : file;
        try {
            ImportOptions options = new ImportOptions(
                    ROOT_NAMESPACE,
                    namespace,
                    name == null ? source.toString() : name,
                    accountLabel == null ? "" : accountLabel,
                    deepWildcards);
            Imported imported = PolicyImport.read(source, title, content(), options);
            command.commandLine().getOut().print(PolicyText.write(imported, source.title() + ", " + title));
            command.commandLine().getOut().flush();
            for (Loss loss : imported.losses()) {
                err.println(Printable.of(loss.toString()));
            }
            return failOnLoss && !imported.losses().isEmpty() ? ExitCode.FAILED : ExitCode.OK;
        } catch (ImportException e) {
            ProblemPrinter printer = new ProblemPrinter(err, coloured);
            e.problems().forEach(printer::print);
            return ExitCode.FAILED;
        }
    }

    /** One octet more than may be read at most, so that what is too large shows. */
    private byte[] content() {
        try {
            if (file.equals(STANDARD_INPUT)) {
                return in.readNBytes(ManifestReader.MAX_BYTES + 1);
            }
            try (InputStream opened = Files.newInputStream(Path.of(file))) {
                return opened.readNBytes(ManifestReader.MAX_BYTES + 1);
            }
        } catch (IOException | InvalidPathException e) {
            throw new CommandFailure(ExitCode.UNKNOWN, "cannot read " + file);
        }
    }
}
