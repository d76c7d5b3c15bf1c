package dev.exeat.cli.options;

import dev.exeat.cli.settings.PeerSettings;
import java.time.Duration;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Options that bound what one peer may have of a gateway. */
@SuppressWarnings("NullAway.Init") // picocli fills the fields
public final class PeerLimitOptions {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Mixin
    private Http2Options http2;

    @Option(
            names = "--handshake-timeout",
            paramLabel = "T",
            defaultValue = "10s",
            description = "From accept to the end of the outer TLS handshake (${DEFAULT-VALUE}).")
    private Duration handshakeTimeout;

    @Option(
            names = "--max-connections-per-source",
            paramLabel = "N",
            defaultValue = "16384",
            description = "Accepted connections of one IPv4 address or IPv6 /64 at one time (${DEFAULT-VALUE}).")
    private int connectionsPerSource;

    @Option(
            names = "--max-connections-per-identity",
            paramLabel = "N",
            defaultValue = "16384",
            description = "Tunnels of one identity at one time, and HTTP/2 connections (${DEFAULT-VALUE}).")
    private int connectionsPerIdentity;

    @Option(
            names = "--connection-rate-per-identity",
            paramLabel = "N",
            defaultValue = "5000",
            description = "New tunnels of one identity per second, and HTTP/2 connections (${DEFAULT-VALUE}).")
    private int rate;

    @Option(
            names = "--connection-burst-per-identity",
            paramLabel = "N",
            defaultValue = "10000",
            description = "So many of them at once, after a rest (${DEFAULT-VALUE}).")
    private int burst;

    PeerSettings settings() {
        if (handshakeTimeout.isZero()) {
            throw wrong("--handshake-timeout is more than 0; without it silent peers would be held for ever");
        }
        atLeastOne("--max-connections-per-source", connectionsPerSource);
        atLeastOne("--max-connections-per-identity", connectionsPerIdentity);
        atLeastOne("--connection-rate-per-identity", rate);
        atLeastOne("--connection-burst-per-identity", burst);
        return new PeerSettings(
                handshakeTimeout, connectionsPerSource, connectionsPerIdentity, rate, burst, http2.settings());
    }

    private void atLeastOne(String option, int value) {
        if (value < 1) {
            throw wrong(option + " is at least 1");
        }
    }

    private ParameterException wrong(String message) {
        return new ParameterException(command.commandLine(), message);
    }
}
