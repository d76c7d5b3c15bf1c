package dev.exeat.cli.ask;

import dev.exeat.cli.CommandFailure;
import dev.exeat.cli.ExitCode;
import dev.exeat.hello.HelloProgress;
import dev.exeat.hello.HelloReader;
import dev.exeat.model.Attempt;
import dev.exeat.model.HelloFacts;
import dev.exeat.model.HostPort;
import dev.exeat.model.InvalidNameException;
import dev.exeat.model.IpAddress;
import dev.exeat.model.ListenerKind;
import dev.exeat.model.SpiffeId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The attempt that is asked about. */
@SuppressWarnings("NullAway.Init") // picocli fills the fields
public final class AttemptOptions {
    private static final int TLS_1_3 = 0x0304;
    private static final int TLS_1_2 = 0x0303;
    private static final int USUAL_LENGTH = 517;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--as",
            paramLabel = "WHO",
            description = "The client: NAMESPACE/SERVICE_ACCOUNT or a SPIFFE ID; without it one that has no identity.")
    private @Nullable String who;

    @Option(
            names = "--to",
            paramLabel = "HOST[:PORT]",
            required = true,
            description = "What it wants to reach; port 443 unless given.")
    private String target;

    @Option(
            names = "--from",
            paramLabel = "ADDRESS",
            defaultValue = "127.0.0.1",
            description = "The client's address (${DEFAULT-VALUE}).")
    private String from;

    @Option(
            names = "--hello",
            paramLabel = "FILE",
            description =
                    "A file with the client's ClientHello as on the wire, for policies about TLS itself; without it"
                            + " that of a usual client.")
    private @Nullable Path helloFile;

    /** The attempt at a time. */
    Attempt attempt(String trustDomain, Instant time) {
        SpiffeId source = who == null ? null : source(who, trustDomain);
        HostPort to = target();
        return new Attempt(
                "asked",
                time,
                source == null ? ListenerKind.PLAIN : ListenerKind.TUNNEL,
                source,
                address(),
                to,
                helloFile == null ? usual(to) : hello(helloFile));
    }

    static SpiffeId parse(String who, String trustDomain) {
        if (who.startsWith(SpiffeId.SCHEME)) {
            return SpiffeId.parse(who);
        }
        int slash = who.indexOf('/');
        if (slash <= 0 || slash == who.length() - 1 || who.indexOf('/', slash + 1) >= 0) {
            throw new InvalidNameException("use NAMESPACE/SERVICE_ACCOUNT or a SPIFFE ID");
        }
        return SpiffeId.ofServiceAccount(trustDomain, who.substring(0, slash), who.substring(slash + 1));
    }

    private SpiffeId source(String name, String trustDomain) {
        try {
            return parse(name, trustDomain);
        } catch (InvalidNameException e) {
            throw wrong("--as " + name + ": " + e.getMessage());
        }
    }

    private HostPort target() {
        try {
            return HostPort.parse(target.indexOf(':') < 0 ? target + ":443" : target);
        } catch (InvalidNameException e) {
            throw wrong("--to " + target + ": " + e.getMessage());
        }
    }

    private IpAddress address() {
        try {
            return IpAddress.parse(from);
        } catch (InvalidNameException e) {
            throw wrong("--from " + from + ": " + e.getMessage());
        }
    }

    static HelloFacts usual(HostPort to) {
        return new HelloFacts(
                to.host(),
                to.host().value(),
                List.of(TLS_1_3, TLS_1_2),
                List.of("h2", "http/1.1"),
                false,
                true,
                USUAL_LENGTH);
    }

    private static HelloFacts hello(Path file) {
        byte[] octets;
        try {
            octets = Files.readAllBytes(file);
        } catch (IOException e) {
            throw new CommandFailure(ExitCode.UNKNOWN, "cannot read " + file + ": " + e.getMessage());
        }
        return switch (new HelloReader(HelloReader.DEFAULT_LIMIT).feed(ByteBuffer.wrap(octets))) {
            case HelloProgress.Complete complete -> complete.facts();
            case HelloProgress.NeedMore _ ->
                throw new CommandFailure(ExitCode.UNKNOWN, file + " ends within its ClientHello");
            case HelloProgress.Refused refused ->
                throw new CommandFailure(
                        ExitCode.FAILED,
                        file + " would be refused before any policy: "
                                + refused.reason().code() + ", " + refused.detail());
        };
    }

    private ParameterException wrong(String message) {
        return new ParameterException(command.commandLine(), message);
    }
}
