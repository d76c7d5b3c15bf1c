package dev.exeat.cli.objects;

import dev.exeat.cli.ask.Printable;
import dev.exeat.cli.options.DataDirectoryOption;
import java.io.InputStream;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code exeat apply}. */
@Command(
        name = "apply",
        description = "Create objects of files in the resource API, or change them to what the files say.",
        footer = {
            "",
            "Does as 'kubectl apply' does, and both can be used in turns on the same objects.",
            "Exit code 0, or 1 if an object could not be applied; the others are."
        })
@SuppressWarnings("NullAway.Init") // picocli fills the fields
public final class ApplyCommand implements Callable<Integer> {
    private final InputStream in;
    private final Map<String, String> environment;

    @Spec
    private CommandSpec command;

    @Mixin
    private FileOptions files;

    @Option(
            names = "--dry-run",
            paramLabel = "none|server",
            defaultValue = "none",
            description = "server: let the server check all and keep nothing (${DEFAULT-VALUE}).")
    private DryRun dryRun;

    @Mixin
    private ServerSideOptions serverSide;

    @Mixin
    private ServerOptions server;

    @Mixin
    private DataDirectoryOption dataDirectory;

    public ApplyCommand(InputStream in, Map<String, String> environment) {
        this.in = in;
        this.environment = environment;
    }

    @Override
    public Integer call() {
        if (!files.given()) {
            throw new ParameterException(command.commandLine(), "must specify -f: files, directories or -");
        }
        boolean byServer = serverSide.given();
        PrintWriter err = command.commandLine().getErr();
        Failures failures = new Failures();
        failures.attempt(() -> {
            Access access = server.access(dataDirectory, environment);
            try (ApiClient client = new ApiClient(access, text -> err.println("Warning: " + Printable.of(text)))) {
                ObjectFiles reader = new ObjectFiles(KindIndex.of(client), access, server.namespace(), failures);
                List<Declared> objects = files.read(reader, in);
                if (objects.isEmpty() && failures.isEmpty()) {
                    throw ObjectException.of("no objects passed to apply");
                }
                Consumer<Declared> apply = byServer ? byServer(client) : byClient(client);
                objects.forEach(object -> failures.attempt(() -> apply.accept(object)));
            }
        });
        return failures.tell(err);
    }

    private Consumer<Declared> byServer(ApiClient client) {
        ServerSideApplier applier = serverSide.applier(client, dryRun == DryRun.SERVER);
        return declared -> {
            applier.apply(declared);
            say(declared, "serverside-applied");
        };
    }

    private Consumer<Declared> byClient(ApiClient client) {
        Applier applier = new Applier(client, dryRun == DryRun.SERVER);
        return declared -> {
            Applier.Applied applied = applier.apply(declared);
            if (applied.unmanaged()) {
                String name = declared.kind().plural() + "/" + declared.name();
                command.commandLine().getErr().println("Warning: " + Applier.MISSING_ANNOTATION.formatted(name));
            }
            say(declared, applied.outcome().name().toLowerCase(Locale.ROOT));
        };
    }

    private void say(Declared declared, String outcome) {
        command.commandLine().getOut().println(declared.label() + " " + outcome + dryRun.suffix());
    }
}
