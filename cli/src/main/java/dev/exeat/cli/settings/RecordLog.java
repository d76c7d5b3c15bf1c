package dev.exeat.cli.settings;

/** Where native records go: a file, or {@code -} for standard output. */
public record RecordLog(String path) {
    public boolean isStandardOutput() {
        return path.equals("-");
    }
}
