package dev.exeat.cli.observe;

import dev.exeat.cli.CommandFailure;
import dev.exeat.cli.ExitCode;
import dev.exeat.cli.options.DataDirectoryOption;
import dev.exeat.cli.options.HistoryConverter;
import dev.exeat.cli.settings.HistoryPlace;
import dev.exeat.cli.settings.SharedHistory;
import dev.exeat.flow.store.FlowHistory;
import dev.exeat.flow.store.FlowStore;
import dev.exeat.flow.store.FlowStoreException;
import dev.exeat.flow.store.PostgresAddress;
import dev.exeat.flow.store.RecordFileHistory;
import dev.exeat.flow.store.SqliteFlows;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/** Options that say where the connections are recorded. */
@SuppressWarnings("NullAway.Init") // picocli fills the fields
public final class StoredFlowOptions {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--records",
            paramLabel = "FILE",
            description = "Read this file, as --record-log wrote it, instead of the history; - reads standard input.")
    private @Nullable Path records;

    @Option(
            names = "--history",
            paramLabel = "URL",
            converter = HistoryConverter.class,
            description = "Read the history in this database, as gateways have it: postgresql://USER@HOST/DATABASE"
                    + " (that in the data directory).")
    private @Nullable HistoryPlace history;

    @Option(
            names = "--history-password-file",
            paramLabel = "FILE",
            description = "The password for the database of --history ($PGPASSWORD).")
    private @Nullable Path historyPassword;

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
                    : store(environment).history();
        } catch (FlowStoreException e) {
            throw new CommandFailure(
                    ExitCode.UNKNOWN,
                    e.getMessage()
                            + (records == null && !isShared()
                                    ? "; name the gateway's --data-dir, its --history, or a file with --records"
                                    : ""));
        }
    }

    /** Whether the command line itself names a history or a file, and not the environment. */
    boolean saidHere() {
        ParseResult said = command.commandLine().getParseResult();
        return said.hasMatchedOption("--history") || said.hasMatchedOption("--records");
    }

    /** Whether a database takes the place of the history in the data directory. */
    public boolean isShared() {
        return history instanceof HistoryPlace.Shared;
    }

    /** For messages. */
    public String name(Map<String, String> environment) {
        if (records != null) {
            return records.toString();
        }
        return history instanceof HistoryPlace.Shared(PostgresAddress address)
                ? address.toString()
                : dataDirectory(environment).resolve(SqliteFlows.FILE).toString();
    }

    private FlowStore store(Map<String, String> environment) {
        return history instanceof HistoryPlace.Shared(PostgresAddress address)
                ? SharedHistory.of(address, historyPassword, environment).store()
                : new SqliteFlows(dataDirectory(environment).resolve(SqliteFlows.FILE));
    }
}
