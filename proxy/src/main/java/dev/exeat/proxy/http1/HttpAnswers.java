package dev.exeat.proxy.http1;

import dev.exeat.model.Reason;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** The answers to a CONNECT request: the one that opens the tunnel, and those that say why there is none. */
public final class HttpAnswers {
    private static final JsonFactory JSON = new JsonFactory();
    private static final byte[] ESTABLISHED =
            "HTTP/1.1 200 Connection established\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private HttpAnswers() {}

    /** The 2xx answer, after which the connection is the tunnel (RFC 9110 section 9.3.6: no length, no body). */
    public static ByteBuffer established() {
        return ByteBuffer.wrap(ESTABLISHED).asReadOnlyBuffer();
    }

    /** The status that fits a reason, when nothing more special is known. */
    public static int statusOf(Reason reason) {
        return switch (reason) {
            case AUTHORITY_INVALID, SNI_INVALID, SNI_MISMATCH, PROTOCOL_INVALID -> 400;
            case LIMIT_SOURCE, LIMIT_IDENTITY, LIMIT_RATE, LIMIT_TUNNELS, PROTOCOL_ABUSE -> 429;
            case DNS_NXDOMAIN,
                    DNS_TIMEOUT,
                    DNS_ERROR,
                    DNS_TOO_LARGE,
                    DNS_TOO_MANY,
                    DNS_TOO_DEEP,
                    DIAL_FAILED,
                    DIAL_TIMEOUT -> 502;
            case GATEWAY_UNREACHABLE, LIMIT_GLOBAL, LOG_FULL, DRAINING, INTERNAL_ERROR -> 503;
            default -> 403;
        };
    }

    /** A complete answer with a JSON body, after which the connection is closed. */
    public static ByteBuffer refusal(int status, Refusal refusal) {
        return answer(status, refusal.reason().code(), json(refusal));
    }

    /**
     * A complete answer with a JSON body that somebody else wrote, as a gateway's that a workload proxy passes on.
     *
     * @param reasonCode for the field {@code Exeat-Reason}, which people see in {@code curl -v}
     */
    public static ByteBuffer answer(int status, String reasonCode, byte[] json) {
        StringBuilder head = new StringBuilder(256)
                .append("HTTP/1.1 ")
                .append(status)
                .append(' ')
                .append(phrase(status))
                .append("\r\nContent-Type: application/json\r\nContent-Length: ")
                .append(json.length)
                .append("\r\nCache-Control: no-store\r\nConnection: close\r\n");
        if (!reasonCode.isEmpty() && reasonCode.chars().allMatch(c -> c == '_' || (c >= 'a' && c <= 'z'))) {
            head.append("Exeat-Reason: ").append(reasonCode).append("\r\n");
        }
        if (status == 405) {
            head.append("Allow: CONNECT\r\n");
        } else if (status == 407) {
            head.append("Proxy-Authenticate: ClientCertificate\r\n");
        }
        head.append("\r\n");
        byte[] ascii = head.toString().getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(ascii.length + json.length)
                .put(ascii)
                .put(json)
                .flip();
    }

    /** The JSON body alone, one line with a line feed at its end. */
    public static byte[] json(Refusal refusal) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(256);
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), out)) {
            json.writeStartObject();
            json.writeStringProperty("reason", refusal.reason().code());
            json.writeStringProperty("message", refusal.message());
            String rule = refusal.rule();
            if (rule == null) {
                json.writeNullProperty("rule");
            } else {
                json.writeStringProperty("rule", rule);
            }
            json.writeStringProperty("decision_id", refusal.decisionId());
            json.writeStringProperty("what_to_do", refusal.whatToDo());
            json.writeEndObject();
            json.writeRaw('\n');
        }
        return out.toByteArray();
    }

    private static String phrase(int status) {
        return switch (status) {
            case 400 -> "Bad Request";
            case 403 -> "Forbidden";
            case 405 -> "Method Not Allowed";
            case 407 -> "Proxy Authentication Required";
            case 429 -> "Too Many Requests";
            case 431 -> "Request Header Fields Too Large";
            case 502 -> "Bad Gateway";
            case 503 -> "Service Unavailable";
            case 505 -> "HTTP Version Not Supported";
            default -> "Refused";
        };
    }
}
