package dev.exeat.cli.settings;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What every long-running role has.
 *
 * @param readyFile where the bound addresses are written, or null for nowhere
 * @param drain how long open connections may go on after SIGTERM
 */
public record RoleSettings(@Nullable Path readyFile, Duration drain, LogFormat logFormat) {}
