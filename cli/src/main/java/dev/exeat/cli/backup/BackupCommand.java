package dev.exeat.cli.backup;

import dev.exeat.cli.CommandFailure;
import dev.exeat.cli.ExitCode;
import dev.exeat.cli.options.DataDirectoryOption;
import dev.exeat.control.store.ObjectStore;
import dev.exeat.control.store.StoreBackup;
import dev.exeat.control.store.StoreException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code exeat backup}. */
@Command(
        name = "backup",
        description = "Copy the objects of the resource API into a new file, also while 'exeat up' runs.",
        footer = {
            "",
            "The copy is of one moment, checked, and on the disk when the command ends. Its owner alone may read it.",
            "Exit code 0, 1 if it could not be made, 3 if there is no store."
        })
@SuppressWarnings("NullAway.Init") // picocli fills the fields
public final class BackupCommand implements Callable<Integer> {
    private final Map<String, String> environment;

    @Spec
    private CommandSpec command;

    @Parameters(paramLabel = "FILE", description = "The file to write; there must be none of that name.")
    private Path file;

    @Mixin
    private DataDirectoryOption dataDirectory;

    public BackupCommand(Map<String, String> environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() {
        try {
            StoreBackup.Content content =
                    StoreBackup.backUp(dataDirectory.resolve(environment).resolve(ObjectStore.FILE), file);
            command.commandLine()
                    .getOut()
                    .println(file + ": " + content.objects() + " objects, version " + content.resourceVersion());
            return ExitCode.OK;
        } catch (StoreException e) {
            throw new CommandFailure(
                    e.kind() == StoreException.Kind.MISSING ? ExitCode.UNKNOWN : ExitCode.FAILED,
                    String.valueOf(e.getMessage()));
        }
    }
}
