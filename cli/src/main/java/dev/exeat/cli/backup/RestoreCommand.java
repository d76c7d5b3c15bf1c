package dev.exeat.cli.backup;

import dev.exeat.cli.CommandFailure;
import dev.exeat.cli.ExitCode;
import dev.exeat.cli.options.DataDirectoryOption;
import dev.exeat.control.DataDirectory;
import dev.exeat.control.DataDirectoryException;
import dev.exeat.control.store.ObjectStore;
import dev.exeat.control.store.StoreBackup;
import dev.exeat.control.store.StoreException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code exeat restore}. */
@Command(
        name = "restore",
        description = "Put the objects of a backup in the place of those in a data directory.",
        footer = {
            "",
            "No process may use the directory. The store that was there is kept beside the new one.",
            "Exit code 0, 1 if it was not restored; then all is as it was. 3 if there is no such file."
        })
@SuppressWarnings("NullAway.Init") // picocli fills the fields
public final class RestoreCommand implements Callable<Integer> {
    private final InstantSource clock;
    private final Map<String, String> environment;

    @Spec
    private CommandSpec command;

    @Parameters(paramLabel = "FILE", description = "What 'exeat backup' wrote.")
    private Path file;

    @Mixin
    private DataDirectoryOption dataDirectory;

    public RestoreCommand(InstantSource clock, Map<String, String> environment) {
        this.clock = clock;
        this.environment = environment;
    }

    @Override
    public Integer call() {
        PrintWriter out = command.commandLine().getOut();
        try {
            StoreBackup.Content content = StoreBackup.check(file);
            try (DataDirectory held = DataDirectory.open(dataDirectory.resolve(environment), "exeat restore")) {
                Path kept = StoreBackup.restore(file, held.path().resolve(ObjectStore.FILE), clock.instant());
                out.println(held.path() + ": " + content.objects() + " objects");
                if (kept != null) {
                    out.println("what was there is kept: " + kept);
                }
            }
            return ExitCode.OK;
        } catch (StoreException e) {
            throw new CommandFailure(
                    e.kind() == StoreException.Kind.MISSING ? ExitCode.UNKNOWN : ExitCode.FAILED,
                    String.valueOf(e.getMessage()));
        } catch (DataDirectoryException e) {
            throw new CommandFailure(String.valueOf(e.getMessage()));
        }
    }
}
