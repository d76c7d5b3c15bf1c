package dev.exeat.bench;

import dev.exeat.bench.machine.OwnProcess;
import picocli.CommandLine;

/** The entry of {@code ./exeat-bench}. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        OwnProcess.quiet();
        CommandLine line = new CommandLine(new BenchCommand());
        // The script gives its own first.
        line.setOverwrittenOptionsAllowed(true);
        line.setExecutionExceptionHandler((e, where, result) -> {
            where.getErr().println("exeat-bench: " + e.getMessage());
            return 1;
        });
        System.exit(line.execute(arguments));
    }
}
