package dev.exeat.flow;

import dev.exeat.model.HelloFacts;
import dev.exeat.model.PolicyRef;
import dev.exeat.model.Reason;
import dev.exeat.model.SpiffeId;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The native record of one connection: every accepted connection has exactly one that is final, whatever became of it;
 * one that is carried may have another from its beginning. Text in it may come from the client and is hostile; {@link RecordEncoder} escapes and caps it.
 *
 * @param id unique in the life of the process; counts up without gaps behind its hyphen
 * @param time when the connection was accepted
 * @param listener as in {@code tunnel}
 * @param mode as in {@code connect-h2}
 */
public record ConnectionRecord(
        String id,
        Instant time,
        Event event,
        String listener,
        String mode,
        Source source,
        Names names,
        Route route,
        Ruling ruling,
        @Nullable HelloFacts hello,
        @Nullable OuterTls outerTls,
        Traffic traffic,
        Durations durations) {

    /** When in the life of the connection the record was made. */
    public enum Event {
        /** Its bytes flow from now on; what the record says of them is of this moment. */
        OPEN,
        /** It has ended. */
        FINAL;

        private final String code = name().toLowerCase(Locale.ROOT);

        public String code() {
            return code;
        }
    }

    /** Who connected. */
    public record Source(@Nullable SpiffeId identity, String address, int port) {}

    /**
     * What was asked for.
     *
     * @param connectName the CONNECT authority's host
     * @param outerSni the outer handshake's server name
     * @param port 0 where none was known
     */
    public record Names(
            @Nullable String connectName, @Nullable String outerSni, int port) {}

    /**
     * Where it led.
     *
     * @param dropped addresses that were refused, each with its class
     * @param dialled address and port, or null
     */
    public record Route(
            List<String> resolved,
            List<String> dropped,
            List<String> cnames,
            @Nullable String dialled) {
        public Route {
            resolved = List.copyOf(resolved);
            dropped = List.copyOf(dropped);
            cnames = List.copyOf(cnames);
        }
    }

    /** How a connection ended. */
    public enum Verdict {
        ALLOWED,
        DENIED,
        /** Not refused by a rule, but it could not be carried. */
        FAILED;

        private final String code = name().toLowerCase(Locale.ROOT);

        public String code() {
            return code;
        }
    }

    /**
     * What was decided.
     *
     * @param wouldDeny in audit mode the reason that enforcement would have had, whatever became of it then; else null
     * @param reason null where it was carried
     * @param digest of the policy, empty where none was asked
     * @param until when the allowance ends, or the audit but for which it would be denied; null where neither does
     * @param marks the policies that only mark what they match
     * @param nearestMiss what would nearly have let a denied connection pass; empty where nothing is near or it was not
     *     looked for
     * @param shadow what the shadow's policies say, where that is another verdict; else null
     */
    public record Ruling(
            Verdict verdict,
            @Nullable Reason wouldDeny,
            @Nullable Reason reason,
            String message,
            @Nullable PolicyRef rule,
            String digest,
            @Nullable Instant until,
            List<PolicyRef> marks,
            String nearestMiss,
            @Nullable Shadow shadow) {
        public Ruling {
            marks = List.copyOf(marks);
        }

        /** One that no date ends and no policy marks. */
        public Ruling(
                Verdict verdict,
                @Nullable Reason wouldDeny,
                @Nullable Reason reason,
                String message,
                @Nullable PolicyRef rule,
                String digest) {
            this(verdict, wouldDeny, reason, message, rule, digest, null, List.of(), "", null);
        }

        /** Whether it passed only because of an audit; not what an audit let pass and something else then stopped. */
        public boolean passedByAudit() {
            return verdict == Verdict.ALLOWED && wouldDeny != null;
        }
    }

    /**
     * What another set of policies, which only looks on, would have made of the connection.
     *
     * @param verdict {@code allowed}, {@code would-deny}, {@code denied}, or {@code error} where it could not decide
     * @param reason null where it lets the connection pass
     * @param digest of that set
     * @param beforeHello whether it judged without a ClientHello, because the connection was denied before one; what it then
     *     lets pass it might have denied for what the hello says
     */
    public record Shadow(
            String verdict,
            @Nullable Reason reason,
            String message,
            @Nullable PolicyRef rule,
            String digest,
            boolean beforeHello) {}

    /** The same with what would nearly have let it pass. */
    public ConnectionRecord withNearestMiss(String miss) {
        Ruling told = new Ruling(
                ruling.verdict,
                ruling.wouldDeny,
                ruling.reason,
                ruling.message,
                ruling.rule,
                ruling.digest,
                ruling.until,
                ruling.marks,
                miss,
                ruling.shadow);
        return new ConnectionRecord(
                id, time, event, listener, mode, source, names, route, told, hello, outerTls, traffic, durations);
    }

    /**
     * What the outer handshake agreed on.
     *
     * @param version as in {@code TLSv1.3}
     * @param alpn empty if none was chosen
     * @param resumed whether a session ticket took the place of a full handshake
     */
    public record OuterTls(String version, String alpn, boolean resumed) {}

    /**
     * What was carried, as octets of the application's TLS.
     *
     * @param received from the client
     * @param sent to the client
     * @param flag how it ended where that was not in order, as in {@code upstream_reset}; else empty
     */
    public record Traffic(long received, long sent, String flag) {}

    /** In nanoseconds; -1 for a step that was not reached. */
    public record Durations(long handshake, long hello, long decide, long dns, long dial, long total) {}
}
