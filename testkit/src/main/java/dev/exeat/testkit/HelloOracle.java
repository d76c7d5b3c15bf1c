package dev.exeat.testkit;

import dev.exeat.model.InvalidNameException;
import dev.exeat.model.ServerName;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A second parser of the ClientHello, written apart from the first to check it: it walks whole octets with plain index
 * arithmetic, one octet at a time. Slow and simple on purpose.
 */
public final class HelloOracle {
    private static final String DECODE = "refused HELLO_MALFORMED DECODE_ERROR";
    private static final String UNEXPECTED = "refused HELLO_MALFORMED UNEXPECTED_MESSAGE";
    private static final String LARGE = "refused HELLO_TOO_LARGE DECODE_ERROR";

    private final byte[] in;
    private final int limit;
    private final byte[] message;
    private int filled;

    private HelloOracle(byte[] octets, int limit) {
        this.in = octets;
        this.limit = limit;
        this.message = new byte[octets.length];
    }

    /** {@code more}, {@code refused REASON ALERT}, or {@code valid} with the facts and the end. */
    public static String judge(byte[] octets, int limit) {
        try {
            return new HelloOracle(octets, limit).records();
        } catch (Verdict verdict) {
            return verdict.text;
        }
    }

    private static final class Verdict extends RuntimeException {
        private static final long serialVersionUID = 1;

        private final transient String text;

        Verdict(String text) {
            super(text, null, false, false);
            this.text = text;
        }
    }

    private static void stopIf(boolean wrong, String verdict) {
        if (wrong) {
            throw new Verdict(verdict);
        }
    }

    private String records() {
        int at = 0;
        do {
            String start = at == 0 ? "refused NOT_TLS " : "refused HELLO_MALFORMED ";
            stopIf(in(at) != 22, start + "UNEXPECTED_MESSAGE");
            stopIf(in(at + 1) != 3, start + "PROTOCOL_VERSION");
            stopIf(in(at + 3) > 64, "refused HELLO_MALFORMED RECORD_OVERFLOW");
            int length = in(at + 3) * 256 + in(at + 4);
            stopIf(length > 16384, "refused HELLO_MALFORMED RECORD_OVERFLOW");
            stopIf(length == 0, UNEXPECTED);
            stopIf(at + length > 2 * limit, LARGE);
            stopIf(filled > 3 && length > 4 + u24(1) - filled, UNEXPECTED);
            for (int i = 0; i < length; i++) {
                message[filled++] = (byte) in(at + 5 + i);
                checkHeader(length - 1 - i);
            }
            at += 5 + length;
        } while (filled < 4 || filled < 4 + u24(1));
        return body() + " end=" + at;
    }

    private void checkHeader(int leftInRecord) {
        if (filled == 1) {
            stopIf(u8(0) != 1, UNEXPECTED);
        } else if (filled <= 4) {
            int[] known = {0, u8(1), filled > 2 ? u8(2) : 0, filled > 3 ? u8(3) : 0};
            stopIf(4 + known[1] * 65536 + known[2] * 256 + known[3] > limit, LARGE);
            stopIf(filled == 4 && leftInRecord > u24(1), UNEXPECTED);
        }
    }

    private String body() {
        stopIf(filled < 6, DECODE);
        stopIf(u8(4) != 3, "refused HELLO_MALFORMED PROTOCOL_VERSION");
        int session = 38;
        int suites = after(session, 1, filled);
        stopIf(u8(session) > 32, DECODE);
        int compression = after(suites, 2, filled);
        stopIf(compression - suites == 2 || (compression - suites) % 2 == 1, DECODE);
        int extensions = after(compression, 1, filled);
        stopIf(extensions - compression == 1, DECODE);
        Facts facts = new Facts();
        if (extensions < filled) {
            stopIf(after(extensions, 2, filled) != filled, DECODE);
            extensions(extensions + 2, facts);
        }
        return facts.judge(u8(4) * 256 + u8(5), filled);
    }

    private void extensions(int from, Facts facts) {
        Set<Integer> seen = new HashSet<>();
        int count = 0;
        for (int at = from; at < filled; ) {
            stopIf(++count > 1000, LARGE);
            stopIf(filled - at < 2, DECODE);
            int type = u8(at) * 256 + u8(at + 1);
            int end = after(at + 2, 2, filled);
            stopIf(!seen.add(type), "refused HELLO_MALFORMED ILLEGAL_PARAMETER");
            int data = at + 4;
            switch (type) {
                case 0 -> {
                    stopIf(after(data, 2, end) != end, DECODE);
                    stopIf(end - data < 3 || u8(data + 2) != 0, DECODE);
                    stopIf(after(data + 3, 2, end) != end, DECODE);
                    facts.name = text(data + 5, end);
                }
                case 43 -> facts.versions = versions(data, end);
                case 16 -> alpn(data, end, facts);
                case 10 -> {
                    stopIf(after(data, 2, end) == data + 2, DECODE);
                    stopIf(after(data, 2, end) != end, DECODE);
                    stopIf((end - data) % 2 == 1, DECODE);
                    for (int i = data + 2; i < end; i += 2) {
                        facts.group(u8(i) * 256 + u8(i + 1));
                    }
                }
                case 51 -> keyShares(data, end, facts);
                case 0xfe0d -> facts.ech = true;
                default -> {}
            }
            at = end;
        }
    }

    private void keyShares(int data, int end, Facts facts) {
        stopIf(after(data, 2, end) != end, DECODE);
        for (int at = data + 2; at < end; ) {
            stopIf(end - at < 2, DECODE);
            int next = after(at + 2, 2, end);
            stopIf(next == at + 4, DECODE);
            facts.group(u8(at) * 256 + u8(at + 1));
            at = next;
        }
    }

    private void alpn(int data, int end, Facts facts) {
        stopIf(after(data, 2, end) != end, DECODE);
        stopIf(end == data + 2, DECODE);
        List<String> protocols = new ArrayList<>();
        for (int at = data + 2; at < end; ) {
            stopIf(protocols.size() == 256, LARGE);
            int next = after(at, 1, end);
            stopIf(next == at + 1, DECODE);
            protocols.add(text(at + 1, next));
            at = next;
        }
        facts.alpn = protocols;
    }

    private List<Integer> versions(int data, int end) {
        stopIf(after(data, 1, end) != end, DECODE);
        stopIf(end == data + 1 || (end - data) % 2 == 0, DECODE);
        Set<Integer> versions = new TreeSet<>(Collections.reverseOrder());
        for (int at = data + 1; at < end; at += 2) {
            boolean grease = u8(at) == u8(at + 1) && u8(at) % 16 == 10;
            if (!grease) {
                versions.add(u8(at) * 256 + u8(at + 1));
            }
        }
        stopIf(versions.isEmpty(), "refused HELLO_MALFORMED PROTOCOL_VERSION");
        return List.copyOf(versions);
    }

    private static final class Facts {
        @Nullable
        String name;

        @Nullable
        List<Integer> versions;

        List<String> alpn = List.of();
        boolean ech;
        boolean hybrid;

        void group(int group) {
            hybrid |= Set.of(0x11ec, 0x11eb, 0x11ed, 0x6399).contains(group);
        }

        String judge(int legacy, int length) {
            if (name == null) {
                throw new Verdict("refused SNI_MISSING UNRECOGNIZED_NAME");
            }
            try {
                ServerName.parse(name);
            } catch (InvalidNameException e) {
                throw new Verdict("refused SNI_INVALID UNRECOGNIZED_NAME");
            }
            return "valid " + name + " " + (versions == null ? List.of(legacy) : versions) + " " + alpn + " " + ech
                    + " " + hybrid + " " + length;
        }
    }

    /** Where the vector ends whose length, of {@code width} octets, stands at {@code at}. */
    private int after(int at, int width, int end) {
        stopIf(end - at < width, DECODE);
        int length = width == 1 ? u8(at) : u8(at) * 256 + u8(at + 1);
        stopIf(length > end - at - width, DECODE);
        return at + width + length;
    }

    private int in(int index) {
        stopIf(index >= in.length, "more");
        return in[index] & 0xff;
    }

    private int u8(int index) {
        return message[index] & 0xff;
    }

    private int u24(int index) {
        return u8(index) * 65536 + u8(index + 1) * 256 + u8(index + 2);
    }

    private String text(int from, int to) {
        StringBuilder text = new StringBuilder();
        for (int i = from; i < to; i++) {
            text.append((char) u8(i));
        }
        return text.toString();
    }
}
