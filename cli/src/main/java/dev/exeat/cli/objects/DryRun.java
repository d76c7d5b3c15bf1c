package dev.exeat.cli.objects;

/** Whether changes are kept. */
enum DryRun {
    NONE(""),
    /** The server checks everything and keeps nothing. */
    SERVER(" (server dry run)");

    private final String suffix;

    DryRun(String suffix) {
        this.suffix = suffix;
    }

    /** What is said behind each line. */
    String suffix() {
        return suffix;
    }
}
