package dev.exeat.proxy.socks;

import dev.exeat.testkit.fuzz.FuzzTarget;
import dev.exeat.testkit.fuzz.Same;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.regex.Pattern;

/** The reader and a second one, which looks at the octets as a whole, agree in any split, also on where they stop. */
public final class Socks5Fuzz implements FuzzTarget {
    private static final Pattern NAME =
            Pattern.compile("(?=.{1,253}$)(?:[A-Za-z0-9_-]{1,63}\\.)+(?!0[xX]|[0-9]+$)[A-Za-z0-9_-]{1,63}");

    @Override
    public String name() {
        return "socks5";
    }

    @Override
    public List<String> words() {
        return List.of("\5\1\0", "\5\1\0\3", "\3", "\1", "\4", "\5", "\5\2\0\2", "a.test", "\1\273", "0x1f", ".");
    }

    @Override
    public int maxLength() {
        return 1_024;
    }

    @Override
    public String feed(byte[] input) {
        String expected = judge(input);
        SplittableRandom random = new SplittableRandom(Arrays.hashCode(input));

        Same.require("whole", read(input, input.length), expected);
        Same.require("octet by octet", read(input, 1), expected);
        Same.require("in parts", read(input, 1 + random.nextInt(20)), expected);
        return expected.replaceAll(" of .*", "");
    }

    private static String read(byte[] input, int step) {
        Socks5Reader reader = new Socks5Reader();
        StringBuilder answers = new StringBuilder();
        int taken = 0;
        while (true) {
            ByteBuffer in = ByteBuffer.wrap(input, taken, Math.min(Math.max(1, step), input.length - taken));
            SocksStep result = reader.read(in);
            int before = taken;
            taken = in.position();
            switch (result) {
                case SocksStep.Answer(ByteBuffer bytes) ->
                    answers.append(hex(bytes)).append(' ');
                case SocksStep.Incomplete _ -> {
                    Same.require("left", in.remaining(), 0);
                    if (taken == input.length || taken == before) {
                        return answers + "more";
                    }
                }
                case SocksStep.Tunnel(var target) -> {
                    return answers + "name at " + taken + " of " + target;
                }
                case SocksStep.Literal(var address, int port) -> {
                    return answers + "address at " + taken + " of " + hex(ByteBuffer.wrap(address.octets())) + " "
                            + port;
                }
                case SocksStep.Refused(ByteBuffer bytes, var reason, String detail) -> {
                    Same.require("a printable detail", detail.chars().allMatch(c -> c >= 32 && c < 127), true);
                    return answers + "refused " + reason + " " + hex(bytes);
                }
            }
        }
    }

    private static String hex(ByteBuffer bytes) {
        byte[] octets = new byte[bytes.remaining()];
        bytes.duplicate().get(octets);
        return HexFormat.of().formatHex(octets);
    }

    /** RFC 1928 sections 3 to 6, over all octets at once. */
    private static String judge(byte[] in) {
        if (in.length == 0) {
            return "more";
        }
        if (in[0] != 5) {
            return "refused PROTOCOL_INVALID " + (in[0] == 4 ? "005b000000000000" : "");
        }
        if (in.length == 1) {
            return "more";
        }
        int methods = in[1] & 0xff;
        if (in.length < 2 + methods) {
            return "more";
        }
        boolean open = false;
        for (int i = 0; i < methods; i++) {
            open |= in[2 + i] == 0;
        }
        return open ? "0500 " + request(in, 2 + methods) : "refused PROTOCOL_INVALID 05ff";
    }

    private static String request(byte[] in, int at) {
        int[] head = new int[5];
        int there = Math.min(5, in.length - at);
        for (int i = 0; i < there; i++) {
            head[i] = in[at + i] & 0xff;
        }
        if (there > 0 && head[0] != 5) {
            return "refused PROTOCOL_INVALID ";
        }
        if (there > 1 && head[1] != 1) {
            return refused("PROTOCOL_INVALID", 7);
        }
        if (there > 2 && head[2] != 0) {
            return refused("PROTOCOL_INVALID", 1);
        }
        if (there > 3 && head[3] != 1 && head[3] != 3 && head[3] != 4) {
            return refused("PROTOCOL_INVALID", 8);
        }
        if (there < 5) {
            return "more";
        }
        int from = at + (head[3] == 3 ? 5 : 4);
        int to = from + (head[3] == 1 ? 4 : head[3] == 4 ? 16 : head[4]);
        return in.length < to + 2 ? "more" : target(head[3], Arrays.copyOfRange(in, from, to), in, to);
    }

    private static String target(int type, byte[] host, byte[] in, int portAt) {
        int port = (in[portAt] & 0xff) * 256 + (in[portAt + 1] & 0xff);
        if (port == 0) {
            return refused("AUTHORITY_INVALID", 2);
        }
        if (type != 3) {
            return "address at " + (portAt + 2) + " of " + HexFormat.of().formatHex(host) + " " + port;
        }
        String name = new String(host, StandardCharsets.ISO_8859_1);
        return NAME.matcher(name).matches()
                ? "name at " + (portAt + 2) + " of " + asciiLower(name) + ":" + port
                : refused("AUTHORITY_INVALID", 2);
    }

    private static String asciiLower(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    private static String refused(String reason, int code) {
        return "refused " + reason + " 050" + code + "0001000000000000";
    }
}
