package dev.exeat.proxy.dns;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * A second reader of DNS answers (RFC 1035 section 4), by index over the octets: which addresses the first answers give
 * for a name over its CNAME records. Knows nothing of what comes after the answer section.
 */
public final class DnsOracle {
    private static final int MAX_RECORDS = 1024;

    private record Answer(String owner, int type, int kind, String data, String target) {}

    private final byte[] in;
    private int at;

    private DnsOracle(byte[] octets) {
        this.in = octets;
    }

    /** The addresses in hexadecimal, in order; empty where there are none or the message is broken. */
    public static List<String> addresses(byte[] octets, String name, int type) {
        try {
            return new DnsOracle(octets).read(name, type);
        } catch (IndexOutOfBoundsException e) {
            return List.of();
        }
    }

    private List<String> read(String name, int type) {
        int answers = u16(6);
        at = 12;
        for (int i = u16(4); i > 0; i--) {
            name();
            at += 4;
        }
        List<Answer> records = new ArrayList<>();
        for (int i = 0; i < answers; i++) {
            Answer answer = answer();
            if (records.size() < MAX_RECORDS) {
                records.add(answer);
            }
        }
        Set<String> seen = new HashSet<>();
        String current = name;
        while (seen.add(current)) {
            List<String> addresses = matching(records, current, type).stream()
                    .map(Answer::data)
                    .distinct()
                    .toList();
            List<Answer> aliases = matching(records, current, 5);
            if (!addresses.isEmpty() || aliases.isEmpty()) {
                return addresses;
            }
            current = aliases.getFirst().target();
        }
        return List.of();
    }

    private static List<Answer> matching(List<Answer> records, String owner, int type) {
        return records.stream()
                .filter(r -> r.kind() == 1 && r.type() == type && r.owner().equals(owner))
                .toList();
    }

    private Answer answer() {
        String owner = name();
        int type = u16(at);
        int kind = u16(at + 2);
        int length = u16(at + 8);
        int data = at + 10;
        at = data;
        String target = type == 5 ? name() : "";
        at = data + length;
        String octets = type == 1 || type == 28 ? HexFormat.of().formatHex(in, data, at) : "";
        return new Answer(owner, type, kind, octets, target);
    }

    /** The name here, in lower case with a dot after each label; pointers lead only backwards. */
    private String name() {
        StringBuilder name = new StringBuilder();
        int here = at;
        int end = -1;
        while (true) {
            int length = u8(here);
            if (length >= 0xc0) {
                int target = (length & 0x3f) << 8 | u8(here + 1);
                if (target >= here) {
                    throw new IndexOutOfBoundsException("a pointer that leads nowhere");
                }
                end = end < 0 ? here + 2 : end;
                here = target;
            } else if (length > 63) {
                throw new IndexOutOfBoundsException("a label of another kind");
            } else if (length == 0) {
                at = end < 0 ? here + 1 : end;
                return name.toString();
            } else {
                String label = new String(in, here + 1, length, StandardCharsets.ISO_8859_1);
                name.append(asciiLower(label)).append('.');
                here += 1 + length;
            }
        }
    }

    private static String asciiLower(String label) {
        return label.chars().allMatch(c -> c < 128) ? label.toLowerCase(Locale.ROOT) : mixedLower(label);
    }

    private static String mixedLower(String label) {
        StringBuilder lower = new StringBuilder();
        label.chars().forEach(c -> lower.append((char) (c >= 'A' && c <= 'Z' ? c + 32 : c)));
        return lower.toString();
    }

    private int u8(int index) {
        return in[index] & 0xff;
    }

    private int u16(int index) {
        return u8(index) * 256 + u8(index + 1);
    }
}
