package dev.exeat.cli.observe;

import dev.exeat.cli.CommandFailure;
import dev.exeat.flow.store.FlowHistory;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Map;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Options that say where the connections are recorded: in a file, in a database, or at a server. */
@SuppressWarnings("NullAway.Init") // picocli fills the fields
public final class FlowSourceOptions {
    @Mixin
    private StoredFlowOptions stored;

    @Mixin
    private FlowServerOptions server;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    public Path dataDirectory(Map<String, String> environment) {
        return stored.dataDirectory(environment);
    }

    /** Whether a file takes the place of the history. */
    public boolean isFile() {
        return stored.isFile() && !isServer();
    }

    /**
     * @param in what {@code --records -} reads
     * @throws CommandFailure if it cannot be read
     * @throws ParameterException if the options cannot be meant together
     */
    public FlowHistory open(Map<String, String> environment, InputStream in) {
        return isServer() ? server.open() : stored.open(environment, in);
    }

    /**
     * Whether a server is asked. What the command line says wins over the environment; of the environment a file does.
     *
     * @throws ParameterException if the command line says both
     */
    boolean isServer() {
        if (stored.saidHere() && server.saidHere()) {
            throw new ParameterException(
                    command.commandLine(),
                    "--server and --kubeconfig take the place of --history and --records: name one of them");
        }
        return server.saidHere() || (server.given() && !stored.saidHere() && !stored.isFile());
    }
}
