package dev.exeat.cli;

/** How commands end; scripts rely on these. */
public final class ExitCode {
    public static final int OK = 0;
    /** It failed, was denied, or found something. */
    public static final int FAILED = 1;
    /** The command line is wrong. */
    public static final int USAGE = 2;
    /** It could not be told: what was to be asked could not be reached or read. */
    public static final int UNKNOWN = 3;

    private ExitCode() {}
}
