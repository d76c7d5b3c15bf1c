package dev.exeat.cli.answer;

import dev.exeat.hello.HelloProgress;
import dev.exeat.hello.HelloReader;
import dev.exeat.model.Attempt;
import dev.exeat.model.HelloFacts;
import dev.exeat.model.HostPort;
import dev.exeat.model.InvalidNameException;
import dev.exeat.model.IpAddress;
import dev.exeat.model.ListenerKind;
import dev.exeat.model.SpiffeId;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The attempt that is asked about, as it was typed.
 *
 * @param who {@code NAMESPACE/SERVICE_ACCOUNT} or a SPIFFE ID; null for a client without an identity
 * @param to host and perhaps a port
 * @param from the client's address
 * @param hello a ClientHello as on the wire in base64, or null for that of a usual client
 */
public record Question(
        @Nullable String who,
        String to,
        String from,
        @Nullable String hello) {
    private static final List<Integer> USUAL_VERSIONS = List.of(0x0304, 0x0303);
    private static final int USUAL_LENGTH = 517;

    static String encoded(byte[] hello) {
        return Base64.getEncoder().encodeToString(hello);
    }

    /** @param hello as on the wire, or null */
    public static Question of(@Nullable String who, String to, String from, byte @Nullable [] hello) {
        return new Question(who, to, from, hello == null ? null : encoded(hello));
    }

    /** How it is sent to a running gateway. */
    public Map<String, String> arguments() {
        Map<String, String> arguments = new HashMap<>(Map.of("to", to, "from", from));
        if (who != null) {
            arguments.put("as", who);
        }
        if (hello != null) {
            arguments.put("hello", hello);
        }
        return arguments;
    }

    /** @throws QuestionException if one is missing */
    public static Question of(Map<String, String> arguments) {
        String to = arguments.get("to");
        String from = arguments.get("from");
        if (to == null || from == null) {
            throw new QuestionException("the question has no target or no source address");
        }
        return new Question(arguments.get("as"), to, from, arguments.get("hello"));
    }

    /**
     * The attempt at a time.
     *
     * @throws QuestionException if it is none
     */
    public Attempt attempt(String trustDomain, Instant time) {
        SpiffeId source = who == null ? null : named("--as " + who, () -> identity(who, trustDomain));
        HostPort target = named("--to " + to, () -> HostPort.parse(to.indexOf(':') < 0 ? to + ":443" : to));
        IpAddress address = named("--from " + from, () -> IpAddress.parse(from));
        return new Attempt(
                "asked",
                time,
                source == null ? ListenerKind.PLAIN : ListenerKind.TUNNEL,
                source,
                address,
                target,
                facts(target));
    }

    /** @throws InvalidNameException if it is neither */
    public static SpiffeId identity(String who, String trustDomain) {
        if (who.startsWith(SpiffeId.SCHEME)) {
            return SpiffeId.parse(who);
        }
        int slash = who.indexOf('/');
        if (slash <= 0 || slash == who.length() - 1 || who.indexOf('/', slash + 1) >= 0) {
            throw new InvalidNameException("use NAMESPACE/SERVICE_ACCOUNT or a SPIFFE ID");
        }
        return SpiffeId.ofServiceAccount(trustDomain, who.substring(0, slash), who.substring(slash + 1));
    }

    /** What the ClientHello of a usual client says: TLS 1.3 and 1.2, HTTP, a post-quantum key share. */
    public static HelloFacts usual(HostPort target) {
        return new HelloFacts(
                target.host(),
                target.host().value(),
                USUAL_VERSIONS,
                List.of("h2", "http/1.1"),
                false,
                true,
                USUAL_LENGTH);
    }

    private HelloFacts facts(HostPort target) {
        if (hello == null) {
            return usual(target);
        }
        HelloFacts facts = switch (new HelloReader(HelloReader.DEFAULT_LIMIT).feed(ByteBuffer.wrap(octets(hello)))) {
            case HelloProgress.Complete complete -> complete.facts();
            case HelloProgress.NeedMore _ -> throw new QuestionException("--hello ends within its ClientHello");
            case HelloProgress.Refused refused ->
                throw new QuestionException("the hello would be refused before any policy: "
                        + refused.reason().code() + ", " + refused.detail());
        };
        if (!facts.serverName().equals(target.host())) {
            throw new QuestionException("the hello names " + facts.serverName() + ", but --to " + target.host()
                    + "; a gateway refuses that before any policy, as sni_mismatch");
        }
        return facts;
    }

    private static byte[] octets(String base64) {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw new QuestionException("the hello is not base64");
        }
    }

    private interface Parsing<T> {
        T parse();
    }

    private static <T> T named(String option, Parsing<T> parsing) {
        try {
            return parsing.parse();
        } catch (InvalidNameException e) {
            throw new QuestionException(option + ": " + e.getMessage());
        }
    }
}
