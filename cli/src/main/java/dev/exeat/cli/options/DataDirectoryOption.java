package dev.exeat.cli.options;

import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where state lives: {@code --data-dir}, else {@code $XDG_STATE_HOME/exeat}, else {@code ~/.local/state/exeat}. */
public final class DataDirectoryOption {
    @Option(
            names = "--data-dir",
            paramLabel = "D",
            description = "The directory of keys, ledger and state ($XDG_STATE_HOME/exeat or ~/.local/state/exeat).")
    private @Nullable Path dataDir;

    /** Whether it is named. */
    public boolean given() {
        return dataDir != null;
    }

    public Path resolve(Map<String, String> environment) {
        if (dataDir != null) {
            return dataDir;
        }
        String state = environment.get("XDG_STATE_HOME");
        // The base directory specification has relative paths ignored.
        if (state != null && state.startsWith("/")) {
            return Path.of(state, "exeat");
        }
        return Path.of(environment.getOrDefault("HOME", System.getProperty("user.home")), ".local", "state", "exeat");
    }
}
