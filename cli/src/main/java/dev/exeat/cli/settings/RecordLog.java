package dev.exeat.cli.settings;

import dev.exeat.flow.Rotation;

/** Where native records go: a file, or {@code -} for standard output. */
public record RecordLog(String path, Rotation rotation) {
    public boolean isStandardOutput() {
        return path.equals("-");
    }
}
