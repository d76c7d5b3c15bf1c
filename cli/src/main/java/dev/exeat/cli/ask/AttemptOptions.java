package dev.exeat.cli.ask;

import dev.exeat.cli.CommandFailure;
import dev.exeat.cli.ExitCode;
import dev.exeat.cli.answer.Question;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The attempt that is asked about. */
@SuppressWarnings("NullAway.Init") // picocli fills the fields
public final class AttemptOptions {
    /** No ClientHello is larger. */
    private static final long MOST = 128 * 1024;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--as",
            paramLabel = "WHO",
            description = "The client: NAMESPACE/SERVICE_ACCOUNT or a SPIFFE ID; without it one that has no identity.")
    private @Nullable String who;

    @Option(names = "--to", paramLabel = "HOST[:PORT]", description = "What it wants to reach; port 443 unless given.")
    private @Nullable String target;

    @Option(
            names = "--from",
            paramLabel = "ADDRESS",
            defaultValue = "127.0.0.1",
            description = "The client's address (${DEFAULT-VALUE}).")
    private String from;

    @Option(
            names = "--hello",
            paramLabel = "FILE",
            description =
                    "A file with the client's ClientHello as on the wire, for policies about TLS itself; without it"
                            + " that of a usual client.")
    private @Nullable Path helloFile;

    /** Whether any attempt is described. */
    boolean given() {
        return target != null || who != null || helloFile != null;
    }

    Question question() {
        if (target == null) {
            throw new ParameterException(command.commandLine(), "to where? Name a host with --to");
        }
        return Question.of(who, target, from, helloFile == null ? null : read(helloFile));
    }

    private static byte[] read(Path file) {
        try {
            if (Files.size(file) > MOST) {
                throw new CommandFailure(ExitCode.UNKNOWN, file + " is too large for a ClientHello");
            }
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new CommandFailure(
                    ExitCode.UNKNOWN,
                    Files.exists(file) ? "cannot read " + file + ": " + e.getMessage() : "there is no file " + file);
        }
    }
}
