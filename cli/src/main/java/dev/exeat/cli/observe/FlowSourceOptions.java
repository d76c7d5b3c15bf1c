package dev.exeat.cli.observe;

import dev.exeat.cli.CommandFailure;
import dev.exeat.cli.ExitCode;
import dev.exeat.cli.options.DataDirectoryOption;
import dev.exeat.flow.store.FlowHistory;
import dev.exeat.flow.store.FlowStoreException;
import dev.exeat.flow.store.RecordFileHistory;
import dev.exeat.flow.store.SqliteFlows;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Options that say where the connections are recorded. */
@SuppressWarnings("NullAway.Init") // picocli fills the fields
public final class FlowSourceOptions {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--records",
            paramLabel = "FILE",
            description = "Read this file, as --record-log wrote it, instead of the history; - reads standard input.")
    private @Nullable Path records;

    @Mixin
    private DataDirectoryOption dataDirectory;

    public Path dataDirectory(Map<String, String> environment) {
        return dataDirectory.resolve(environment);
    }

    /** Whether a file takes the place of the history. */
    public boolean isFile() {
        return records != null;
    }

    /**
     * @param in what {@code --records -} reads
     * @throws CommandFailure if it cannot be read
     */
    public FlowHistory open(Map<String, String> environment, InputStream in) {
        try {
            return records != null
                    ? RecordFileHistory.open(records, in, command.commandLine().getErr()::println)
                    : new SqliteFlows(dataDirectory(environment).resolve(SqliteFlows.FILE)).history();
        } catch (FlowStoreException e) {
            throw new CommandFailure(
                    ExitCode.UNKNOWN,
                    e.getMessage()
                            + (records == null ? "; name the gateway's --data-dir, or a file with --records" : ""));
        }
    }
}
