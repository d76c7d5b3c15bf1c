package dev.exeat.proxy.http1;

import dev.exeat.testkit.fuzz.FuzzTarget;
import dev.exeat.testkit.fuzz.Same;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A tunnel opens exactly where a strict grammar, written as one pattern over the whole head, says so: for the same
 * target, with the same octets left for the tunnel, in any split.
 */
public final class ConnectRequestFuzz implements FuzzTarget {
    private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]";
    private static final String LABEL = "[A-Za-z0-9_-]{1,63}";
    private static final String HOST = "(?:" + LABEL + "\\.)+(?![0-9]+(?![A-Za-z0-9_.-])|0[xX])" + LABEL;
    private static final Pattern HEAD = Pattern.compile("CONNECT (" + HOST + "):([0-9]{1,5}) HTTP/1\\.([01])\r\n"
            + "((?:" + TOKEN + "+:[\t\\x20-\\x7e\\x80-\\xff]*\r\n){0,100})\r\n");
    private static final Pattern FIELD = Pattern.compile("(" + TOKEN + "+):([^\r]*)\r\n");
    private static final String NONE = "none";

    @Override
    public String name() {
        return "http1";
    }

    @Override
    public List<String> words() {
        return List.of(
                "CONNECT ",
                "GET ",
                " HTTP/1.1\r\n",
                " HTTP/1.0\r\n",
                " HTTP/2.0\r\n",
                "\r\n",
                "\r\n\r\n",
                "Host: ",
                "host:allowed.test\r\n",
                "Content-Length: 0\r\n",
                "Content-Length: 5\r\n",
                "Transfer-Encoding: x\r\n",
                "allowed.test:443",
                "allowed.test",
                "127.0.0.1:443",
                "[::1]:443",
                ":443",
                ":0",
                ":65536",
                "a.0x1:1",
                "\t",
                " ",
                "\r",
                "\n",
                ":",
                ",",
                "\0",
                "\u00e9");
    }

    @Override
    public List<byte[]> seeds() {
        byte[] head = new byte[ConnectRequestReader.MAX_HEAD + 1];
        Arrays.fill(head, (byte) 'a');
        byte[] start = "CONNECT a.test:443 HTTP/1.1\r\nHost: a.test\r\nX:".getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(start, 0, head, 0, start.length);
        return List.of(head);
    }

    @Override
    public int maxLength() {
        return ConnectRequestReader.MAX_HEAD + 64;
    }

    @Override
    public String feed(byte[] input) {
        String expected = judge(input);
        SplittableRandom random = new SplittableRandom(Arrays.hashCode(input));
        String whole = read(input, input.length);

        Same.require("reader and grammar", tunnelOrNone(whole), expected);
        Same.require("octet by octet", read(input, 1), whole);
        Same.require("in parts", read(input, 1 + random.nextInt(100)), whole);
        return whole.startsWith("tunnel") ? "tunnel" : whole;
    }

    private static String tunnelOrNone(String outcome) {
        return outcome.startsWith("tunnel") ? outcome : NONE;
    }

    private static String read(byte[] input, int step) {
        ConnectRequestReader reader = new ConnectRequestReader();
        for (int taken = 0; ; ) {
            ByteBuffer in = ByteBuffer.wrap(input, taken, Math.min(step, input.length - taken));
            ConnectHead head = reader.read(in);
            taken = in.position();
            switch (head) {
                case ConnectHead.Incomplete _ -> {
                    Same.require("left", in.remaining(), 0);
                    if (taken == input.length) {
                        return "more";
                    }
                }
                case ConnectHead.Tunnel(var target) -> {
                    return "tunnel " + target + " at " + taken;
                }
                case ConnectHead.Refused(int status, var reason, String authority, String detail) -> {
                    Same.require("a printable detail", detail.chars().allMatch(c -> c >= 32 && c < 127), true);
                    Same.require("a status", List.of(400, 405, 431, 505).contains(status), true);
                    Same.require("no control", authority.chars().noneMatch(c -> c < 32 && c != '\t'), true);
                    return status + " " + reason + " " + detail;
                }
            }
        }
    }

    private static String judge(byte[] input) {
        String text = new String(input, StandardCharsets.ISO_8859_1);
        int end = text.indexOf("\r\n\r\n");
        // Of a head that is too long no end is ever looked for.
        if (end < 0 || end + 4 > ConnectRequestReader.MAX_HEAD) {
            return NONE;
        }
        Matcher head = HEAD.matcher(text.substring(0, end + 4));
        if (!head.matches() || head.group(1).length() > 253) {
            return NONE;
        }
        String host = head.group(1).toLowerCase(Locale.ROOT);
        int port = Integer.parseInt(head.group(2));
        return port >= 1
                        && port <= 65_535
                        && fieldsFit(head.group(4), host, port, head.group(3).equals("1"))
                ? "tunnel " + host + ":" + port + " at " + (end + 4)
                : NONE;
    }

    private static boolean fieldsFit(String fields, String host, int port, boolean hostNeeded) {
        int hosts = 0;
        Matcher field = FIELD.matcher(fields);
        while (field.find()) {
            String name = field.group(1).toLowerCase(Locale.ROOT);
            String value = field.group(2).replaceAll("^[ \t]+|[ \t]+$", "");
            switch (name) {
                case "host" -> {
                    hosts++;
                    String given = value.toLowerCase(Locale.ROOT);
                    if (!given.equals(host) && !isWithPort(given, host, port)) {
                        return false;
                    }
                }
                case "transfer-encoding" -> {
                    return false;
                }
                case "content-length" -> {
                    if (!value.equals("0")) {
                        return false;
                    }
                }
                default -> {}
            }
        }
        return hosts == 1 || (hosts == 0 && !hostNeeded);
    }

    private static boolean isWithPort(String given, String host, int port) {
        return given.startsWith(host + ":")
                && given.substring(host.length() + 1).matches("[0-9]{1,5}")
                && Integer.parseInt(given.substring(host.length() + 1)) == port;
    }
}
