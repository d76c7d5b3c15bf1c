package dev.exeat.cli.options;

import dev.exeat.cli.options.SizeConverter.Octets;
import dev.exeat.cli.settings.LimitSettings;
import java.time.Duration;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Options that bound the data plane. */
@SuppressWarnings("NullAway.Init") // picocli fills the fields
public final class LimitOptions {
    private static final int LEAST_HELLO = 4 * 1024;
    private static final int MOST_HELLO = 128 * 1024;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--loops",
            paramLabel = "N",
            defaultValue = "0",
            description = "Event loops; 0 is one per core (${DEFAULT-VALUE}).")
    private int loops;

    @Option(
            names = "--max-connections",
            paramLabel = "N",
            defaultValue = "65536",
            description = "Accepted connections at one time (${DEFAULT-VALUE}).")
    private int maxConnections;

    @Option(
            names = "--hello-limit",
            paramLabel = "SIZE",
            defaultValue = "64K",
            description = "Largest ClientHello, 4K to 128K (${DEFAULT-VALUE}).")
    private Octets helloLimit;

    @Option(
            names = "--hello-timeout",
            paramLabel = "T",
            defaultValue = "10s",
            description = "From accept to the complete ClientHello, whatever arrives meanwhile (${DEFAULT-VALUE}).")
    private Duration helloTimeout;

    @Option(
            names = "--idle-timeout",
            paramLabel = "T",
            defaultValue = "1h",
            description = "End a connection without a byte in either direction (${DEFAULT-VALUE}).")
    private Duration idleTimeout;

    @Option(
            names = "--tunnel-timeout",
            paramLabel = "T",
            defaultValue = "24h",
            description = "End a connection at this age (${DEFAULT-VALUE}).")
    private Duration tunnelTimeout;

    public LimitSettings settings() {
        atLeast("--loops", loops, 0);
        atLeast("--max-connections", maxConnections, 1);
        if (helloLimit.count() < LEAST_HELLO || helloLimit.count() > MOST_HELLO) {
            throw wrong("--hello-limit is 4K to 128K; larger hellos no client sends, smaller limits refuse real ones");
        }
        positive("--hello-timeout", helloTimeout);
        positive("--idle-timeout", idleTimeout);
        positive("--tunnel-timeout", tunnelTimeout);
        return new LimitSettings(
                loops == 0 ? Runtime.getRuntime().availableProcessors() : loops,
                maxConnections,
                helloLimit.asInt(),
                helloTimeout,
                idleTimeout,
                tunnelTimeout);
    }

    private void atLeast(String option, int value, int least) {
        if (value < least) {
            throw wrong(option + " is at least " + least);
        }
    }

    private void positive(String option, Duration value) {
        if (value.isZero()) {
            throw wrong(option + " is more than 0; without it silent peers would be held for ever");
        }
    }

    private ParameterException wrong(String message) {
        CommandLine commandLine = command.commandLine();
        return new ParameterException(commandLine, message);
    }
}
