package dev.exeat.flow.log;

import dev.exeat.flow.profile.LogProfile;

/**
 * One log of connections.
 *
 * @param name of its sink in metrics and the program's log
 */
public record LogChoice(String name, LogProfile profile, LogTarget target) {
    /** The name that {@code --record-log} has. */
    public static final String RECORDS = "records";

    public LogChoice {
        if (target instanceof LogTarget.Collector && profile != LogProfile.OTEL) {
            throw new IllegalArgumentException("a collector takes the profile otel alone, not " + profile.code());
        }
    }
}
