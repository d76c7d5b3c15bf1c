package dev.exeat.bench.upstream;

import dev.exeat.bench.machine.OwnProcess;
import java.io.IOException;
import java.io.PrintStream;

/** The process of the {@link Upstream}: prints its port, and ends with its standard input. */
public final class UpstreamProcess {
    private UpstreamProcess() {}

    public static void main(String[] arguments) throws IOException {
        PrintStream answers = OwnProcess.answers();
        try (Upstream upstream = Upstream.start()) {
            answers.println("port " + upstream.port());
            while (System.in.read() >= 0) {
                // Nothing is told to it; only the end matters.
            }
        }
    }
}
