package dev.exeat.cli.options;

import dev.exeat.cli.options.FloodLimitConverter.FloodLimit;
import dev.exeat.cli.options.SizeConverter.Octets;
import dev.exeat.cli.settings.Http2Settings;
import dev.exeat.proxy.h2.AbuseLimits;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Options that bound what one HTTP/2 connection of a client may cost. */
@SuppressWarnings("NullAway.Init") // picocli fills the fields
public final class Http2Options {
    private static final int LEAST_HEADERS = 1024;
    private static final int MOST_HEADERS = 1024 * 1024;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--max-tunnels-per-connection",
            paramLabel = "N",
            defaultValue = "1000",
            description = "Tunnels of one HTTP/2 connection at one time (${DEFAULT-VALUE}).")
    private int tunnels;

    @Option(
            names = "--h2-header-limit",
            paramLabel = "SIZE",
            defaultValue = "16K",
            description = "Largest header list of an HTTP/2 request, 1K to 1M (${DEFAULT-VALUE}).")
    private Octets headerLimit;

    @Option(
            names = "--h2-flood-limit",
            paramLabel = "[KIND=]N",
            split = ",",
            hideParamSyntax = true,
            defaultValue = "1000",
            converter = FloodLimitConverter.class,
            description = "HTTP/2 frames that cost more than they carry, of each kind in 10 s, or of one: reset, ping,"
                    + " settings, empty, malformed, stray, window, other (${DEFAULT-VALUE}). Repeatable.")
    private List<FloodLimit> floods;

    Http2Settings settings() {
        if (tunnels < 1) {
            throw wrong("--max-tunnels-per-connection is at least 1");
        }
        if (headerLimit.count() < LEAST_HEADERS || headerLimit.count() > MOST_HEADERS) {
            throw wrong("--h2-header-limit is 1K to 1M");
        }
        return new Http2Settings(tunnels, headerLimit.asInt(), floodLimits());
    }

    private AbuseLimits floodLimits() {
        AbuseLimits limits = AbuseLimits.each(1000);
        for (FloodLimit flood : floods) {
            limits = flood.kind() == null ? AbuseLimits.each(flood.count()) : limits.with(flood.kind(), flood.count());
        }
        return limits;
    }

    private ParameterException wrong(String message) {
        return new ParameterException(command.commandLine(), message);
    }
}
