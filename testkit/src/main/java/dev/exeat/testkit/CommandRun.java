package dev.exeat.testkit;

import java.time.Duration;
import java.util.List;

/**
 * What a real program did. Its output is read as UTF-8; let it write binary data to a file.
 *
 * @param exitCode its exit code, or {@link #TIMED_OUT}
 */
public record CommandRun(List<String> command, int exitCode, String stdout, String stderr, Duration took) {
    /** Stands for the exit code of a program that had to be killed. */
    public static final int TIMED_OUT = -1;

    /** Runs a program to its end, at most 30 seconds. */
    public static CommandRun of(String... words) {
        return Command.of(words).run();
    }

    public boolean timedOut() {
        return exitCode == TIMED_OUT;
    }

    /** For the message of a failed assertion. */
    @Override
    public String toString() {
        return String.join(" ", command) + "\nexit " + exitCode + " after " + took.toMillis() + " ms\nstdout: " + stdout
                + "\nstderr: " + stderr;
    }
}
