package dev.exeat.proxy.http1;

import dev.exeat.model.HostPort;
import dev.exeat.model.InvalidNameException;
import dev.exeat.model.Reason;
import dev.exeat.model.ServerName;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads the head of one HTTP/1.1 or HTTP/1.0 CONNECT request (RFC 9110 section 9.3.6, RFC 9112), in any split, and
 * stops right behind it, so that what a client sent early stays in the buffer. Strict: CRLF line ends, single spaces
 * in the request line, no folded lines, no body. Memory grows with the bytes received, up to {@link #MAX_HEAD}.
 *
 * <p>A Host field is required by HTTP/1.1 (RFC 9112 section 3.2) and must name the host of the request target; its
 * port may be missing, because some clients leave it out. Not thread-safe.
 */
public final class ConnectRequestReader {
    public static final int MAX_HEAD = 16 * 1024;
    public static final int MAX_FIELDS = 100;
    /** Longer than any name and port can be. */
    private static final int MAX_METHOD = 32;

    private static final ConnectHead INCOMPLETE = new ConnectHead.Incomplete();

    private byte[] head = new byte[512];
    private int length;
    private int lineStart;
    private int fields;
    private @Nullable ConnectHead result;

    private boolean requestLineRead;
    private boolean http11;
    private String authority = "";
    private @Nullable HostPort target;
    private @Nullable String host;

    /**
     * Takes bytes up to the end of the head. Once the answer is not {@link ConnectHead.Incomplete}, no more bytes are
     * taken and the answer stays the same.
     */
    public ConnectHead read(ByteBuffer in) {
        while (result == null && in.hasRemaining()) {
            byte b = in.get();
            if (length == MAX_HEAD) {
                return refuse(431, "The request head is longer than " + MAX_HEAD + " bytes.");
            }
            if (length == head.length) {
                head = Arrays.copyOf(head, Math.min(MAX_HEAD, head.length * 2));
            }
            head[length++] = b;
            if (b == '\n') {
                endLine();
            } else if (!isLegal(b)) {
                refuse(400, "The request head holds a control character or a line feed without a carriage return.");
            } else if (!requestLineRead && length == 1 && !isToken(b)) {
                refuse(400, Reason.PROTOCOL_INVALID, "The first byte is not that of an HTTP request.");
            } else if (!requestLineRead && length == MAX_METHOD && indexOf((byte) ' ', 0, length) < 0) {
                refuse(400, Reason.PROTOCOL_INVALID, "The first bytes are not an HTTP method.");
            }
        }
        return result == null ? INCOMPLETE : result;
    }

    /** A bare CR is found by the byte behind it; a bare LF by the one before it. */
    private boolean isLegal(byte b) {
        boolean behindReturn = length > lineStart + 1 && head[length - 2] == '\r';
        if (behindReturn) {
            return false;
        }
        return b == '\r' || b == '\t' || ((b & 0xff) >= 0x20 && b != 0x7f);
    }

    private void endLine() {
        int end = length - 2;
        if (end < lineStart || head[end] != '\r') {
            refuse(400, "A line of the request head does not end in CRLF.");
            return;
        }
        int start = lineStart;
        lineStart = length;
        if (!requestLineRead) {
            requestLine(start, end);
        } else if (start == end) {
            complete();
        } else if (++fields > MAX_FIELDS) {
            refuse(431, "The request has more than " + MAX_FIELDS + " header fields.");
        } else {
            field(start, end);
        }
    }

    private void requestLine(int start, int end) {
        requestLineRead = true;
        int first = indexOf((byte) ' ', start, end);
        int second = first < 0 ? -1 : indexOf((byte) ' ', first + 1, end);
        if (second < 0 || indexOf((byte) ' ', second + 1, end) >= 0 || first == start || second == first + 1) {
            refuse(400, "The request line is not METHOD SP TARGET SP VERSION.");
            return;
        }
        for (int i = start; i < first; i++) {
            if (!isToken(head[i])) {
                refuse(400, "The request method holds a character that is not allowed in one.");
                return;
            }
        }
        String version = text(second + 1, end);
        authority = text(first + 1, second);
        if (!version.equals("HTTP/1.1") && !version.equals("HTTP/1.0")) {
            boolean http = version.matches("HTTP/[0-9]\\.[0-9]");
            refuse(http ? 505 : 400, Reason.PROTOCOL_INVALID, "The request is not HTTP/1.1 or HTTP/1.0.");
            return;
        }
        http11 = version.equals("HTTP/1.1");
        if (!text(start, first).equals("CONNECT")) {
            refuse(405, Reason.PROTOCOL_INVALID, "Only the method CONNECT is served here.");
            return;
        }
        try {
            target = HostPort.parse(authority);
        } catch (InvalidNameException e) {
            refuse(400, Reason.AUTHORITY_INVALID, "The CONNECT target is not host:port: " + e.getMessage() + ".");
        }
    }

    private void field(int start, int end) {
        int colon = indexOf((byte) ':', start, end);
        if (colon <= start) {
            refuse(400, "A header field has no name.");
            return;
        }
        for (int i = start; i < colon; i++) {
            // Also finds folded lines and a space before the colon (RFC 9112 sections 5.1 and 5.2).
            if (!isToken(head[i])) {
                refuse(400, "A header field's name holds a character that is not allowed in one.");
                return;
            }
        }
        String name = text(start, colon);
        String value = text(colon + 1, end).strip();
        if (name.equalsIgnoreCase("Host")) {
            if (host != null) {
                refuse(400, "The request has more than one Host field.");
            }
            host = value;
        } else if (name.equalsIgnoreCase("Transfer-Encoding")
                || (name.equalsIgnoreCase("Content-Length") && !value.equals("0"))) {
            refuse(400, "A CONNECT request has no body, but this one announces one.");
        }
    }

    private void complete() {
        HostPort wanted = target;
        if (wanted == null) {
            throw new IllegalStateException("A head without a target is refused at its first line.");
        }
        if (host == null) {
            if (http11) {
                refuse(400, "The request has no Host field, which HTTP/1.1 requires.");
                return;
            }
        } else if (!agrees(host, wanted)) {
            refuse(400, Reason.SNI_MISMATCH, "The Host field names another host or port than the CONNECT target.");
            return;
        }
        head = new byte[0];
        result = new ConnectHead.Tunnel(wanted);
    }

    private static boolean agrees(String host, HostPort wanted) {
        try {
            return host.indexOf(':') < 0
                    ? ServerName.parse(host).equals(wanted.host())
                    : HostPort.parse(host).equals(wanted);
        } catch (InvalidNameException e) {
            return false;
        }
    }

    private ConnectHead refuse(int status, String detail) {
        return refuse(status, Reason.PROTOCOL_INVALID, detail);
    }

    private ConnectHead refuse(int status, Reason reason, String detail) {
        ConnectHead refused = result;
        if (refused == null) {
            refused = new ConnectHead.Refused(status, reason, authority, detail);
            result = refused;
            head = new byte[0];
        }
        return refused;
    }

    private int indexOf(byte wanted, int from, int to) {
        for (int i = from; i < to; i++) {
            if (head[i] == wanted) {
                return i;
            }
        }
        return -1;
    }

    private String text(int from, int to) {
        return new String(head, from, to - from, StandardCharsets.ISO_8859_1);
    }

    private static boolean isToken(byte b) {
        return (b >= 'a' && b <= 'z')
                || (b >= 'A' && b <= 'Z')
                || (b >= '0' && b <= '9')
                || "!#$%&'*+-.^_`|~".indexOf(b) >= 0;
    }
}
