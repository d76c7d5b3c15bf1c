package dev.exeat.bench.upstream;

import java.io.IOException;

/** The process of the {@link Upstream}: prints its port, and ends with its standard input. */
public final class UpstreamProcess {
    private UpstreamProcess() {}

    public static void main(String[] arguments) throws IOException {
        try (Upstream upstream = Upstream.start()) {
            System.out.println("port " + upstream.port());
            while (System.in.read() >= 0) {
                // Nothing is told to it; only the end matters.
            }
        }
    }
}
