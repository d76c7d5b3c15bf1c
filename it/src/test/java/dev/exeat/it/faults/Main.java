package dev.exeat.it.faults;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The fault driver's command line. See docs/reliability.md. */
@Command(
        name = "exeat-faults",
        description = "Inflicts faults on real Exeat processes under load, and counts what is lost.",
        mixinStandardHelpOptions = true,
        subcommands = {RunCommand.class, MeasureCommand.class})
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        // Only so can a client tell an end in order from a connection that died.
        System.setProperty("com.sun.net.ssl.requireCloseNotify", "true");
        System.exit(new CommandLine(new Main()).execute(arguments));
    }
}
