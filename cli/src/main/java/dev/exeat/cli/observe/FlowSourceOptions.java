package dev.exeat.cli.observe;

import dev.exeat.cli.CommandFailure;
import dev.exeat.flow.store.FlowHistory;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Map;
import picocli.CommandLine.Mixin;

/** Options that say where the connections are recorded: in a file, in a database, or at a server. */
@SuppressWarnings("NullAway.Init") // picocli fills the fields
public final class FlowSourceOptions {
    @Mixin
    private StoredFlowOptions stored;

    @Mixin
    private FlowServerOptions server;

    public Path dataDirectory(Map<String, String> environment) {
        return stored.dataDirectory(environment);
    }

    /** Whether a file takes the place of the history. */
    public boolean isFile() {
        return stored.isFile();
    }

    /**
     * @param in what {@code --records -} reads
     * @throws CommandFailure if it cannot be read
     */
    public FlowHistory open(Map<String, String> environment, InputStream in) {
        return server.given() && !stored.isFile() ? server.open() : stored.open(environment, in);
    }
}
