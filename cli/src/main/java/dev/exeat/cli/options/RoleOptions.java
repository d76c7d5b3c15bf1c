package dev.exeat.cli.options;

import dev.exeat.cli.settings.LogFormat;
import dev.exeat.cli.settings.RoleSettings;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options of every long-running role. */
@SuppressWarnings("NullAway.Init") // picocli fills the fields
public final class RoleOptions {
    @Option(
            names = "--ready-file",
            paramLabel = "F",
            description = "Write the bound addresses here as JSON (up, gateway: DATA_DIR/ready.json).")
    private @Nullable Path readyFile;

    @Option(
            names = "--drain",
            paramLabel = "T",
            defaultValue = "60s",
            description = "How long open connections may go on after SIGTERM (${DEFAULT-VALUE}).")
    private Duration drain;

    @Option(
            names = "--log-format",
            paramLabel = "text|json",
            defaultValue = "text",
            description = "How the program's own log on standard error is written (${DEFAULT-VALUE}).")
    private LogFormat logFormat;

    public RoleSettings settings(@Nullable Path defaultReadyFile) {
        return new RoleSettings(readyFile != null ? readyFile : defaultReadyFile, drain, logFormat);
    }
}
