package dev.exeat.flow.query;

import dev.exeat.flow.ConnectionRecord;
import dev.exeat.flow.ConnectionRecord.Event;
import dev.exeat.flow.ConnectionRecord.Verdict;
import dev.exeat.flow.RecordEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;

/**
 * One connection as its record tells it, with what can be asked for by a {@link FlowFilter}. Text in it may come from the
 * client, with whatever characters the client chose; the line alone is printable ASCII.
 *
 * @param time when the connection was accepted
 * @param listener as in {@code tunnel}
 * @param would whether policies let it pass only because of an audit, whatever became of it then
 * @param reason code of why it was not carried, or would not have been; empty where it was carried in order
 * @param message one line for people, empty where there is none
 * @param nearestMiss what would nearly have let it pass; empty where that was not told
 * @param shadow what the shadow's policies say, where that is another verdict
 * @param digest of the policy; empty where none was asked
 * @param line the record itself: JSON without a line feed
 */
public record Flow(
        String id,
        Instant time,
        Event event,
        String listener,
        Who who,
        What what,
        Verdict verdict,
        boolean would,
        String reason,
        String message,
        Rule rule,
        String nearestMiss,
        Shadow shadow,
        String digest,
        Hello hello,
        Ending ending,
        String line) {

    /** Of what passed only because of an audit. */
    public static final String WOULD_DENY = "would-deny";

    /** The verdict in a word: {@value #WOULD_DENY} where it passed only because of an audit; what was then stopped did not pass. */
    public String outcome() {
        return would && verdict == Verdict.ALLOWED ? WOULD_DENY : verdict.code();
    }

    /** The caller; empty texts where nothing was proved. */
    public record Who(String identity, String namespace, String address) {
        /** Of an identity of which nothing else is known. */
        public static Who of(String identity) {
            int from = identity.indexOf("/ns/");
            int to = identity.indexOf("/sa/");
            return new Who(identity, from < 0 || to < from ? "" : identity.substring(from + 4, to), "");
        }

        /** As people call it: {@code namespace/account}, or the address of one without an identity. */
        public String shortName() {
            int account = identity.indexOf("/sa/");
            return identity.isEmpty()
                    ? address
                    : account < 0 ? identity : namespace + "/" + identity.substring(account + 4);
        }
    }

    /**
     * What was asked for.
     *
     * @param host the server name of the ClientHello, else the host of the CONNECT; empty where none was known
     * @param port 0 where none was known
     * @param sniRaw the server name of the ClientHello as the client wrote it; empty where there was none
     * @param dropped addresses that might not be dialled, each with its class
     * @param dialled address and port of the upstream, empty where none was dialled
     */
    public record What(
            String host,
            int port,
            String connectName,
            String outerSni,
            String sniRaw,
            List<String> dropped,
            String dialled) {
        public What {
            dropped = List.copyOf(dropped);
        }

        /** Whether the ClientHello named the host. */
        public boolean hasSni() {
            return !sniRaw.isEmpty();
        }
    }

    /** The object that decided; empty texts where none did. */
    public record Rule(String kind, String namespace, String name, int index) {
        public static final Rule NONE = new Rule("", "", "", 0);

        public boolean isNone() {
            return kind.isEmpty();
        }

        /** {@code kind/namespace/name}, empty where none decided. */
        @Override
        public String toString() {
            return isNone() ? "" : kind + "/" + namespace + "/" + name;
        }

        /** The same with {@code [index]}. */
        public String withIndex() {
            return isNone() ? "" : this + "[" + index + "]";
        }
    }

    /**
     * What policies that only look on would have made of it; empty texts where they agree or there are none.
     *
     * @param beforeHello whether they judged without a ClientHello
     */
    public record Shadow(String verdict, String reason, String message, Rule rule, String digest, boolean beforeHello) {
        public static final Shadow NONE = new Shadow("", "", "", Rule.NONE, "", false);

        public boolean differs() {
            return !verdict.isEmpty();
        }
    }

    /**
     * What the ClientHello said openly.
     *
     * @param size octets of the message
     */
    public record Hello(List<String> versions, List<String> alpn, boolean ech, boolean postQuantum, int size) {
        public static final Hello NONE = new Hello(List.of(), List.of(), false, false, 0);

        public Hello {
            versions = List.copyOf(versions);
            alpn = List.copyOf(alpn);
        }
    }

    /**
     * How it ended.
     *
     * @param received octets from the client
     * @param sent octets to the client
     * @param flag how it ended where that was not in order
     * @param micros from its beginning to its end, or to now
     */
    public record Ending(long received, long sent, String flag, long micros) {}

    /** The flow that the record tells of. */
    public static Flow of(ConnectionRecord record, RecordEncoder encoder) {
        byte[] line = encoder.encode(record);
        return new FlowReader().read(new String(line, 0, line.length - 1, StandardCharsets.US_ASCII));
    }
}
