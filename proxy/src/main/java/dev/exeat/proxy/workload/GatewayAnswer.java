package dev.exeat.proxy.workload;

import java.nio.charset.StandardCharsets;

/** What a gateway's refusal says, for the log and for the application. */
final class GatewayAnswer {
    private static final int LOGGED = 300;

    private GatewayAnswer() {}

    /** One line for the log, of printable ASCII alone. */
    static String message(int status, byte[] body) {
        StringBuilder text = new StringBuilder("the gateway answered ").append(status);
        String json = new String(body, StandardCharsets.UTF_8).strip();
        if (!json.isEmpty()) {
            text.append(": ");
            json.chars().limit(LOGGED).forEach(c -> text.append(c >= 0x20 && c < 0x7f ? (char) c : '?'));
        }
        return text.toString();
    }

    /** The reason code of the gateway's JSON, or the empty text where there is none. */
    static String reasonCode(byte[] body) {
        String json = new String(body, StandardCharsets.US_ASCII);
        String key = "\"reason\":\"";
        int start = json.indexOf(key);
        int end = start < 0 ? -1 : json.indexOf('"', start + key.length());
        return end < 0 ? "" : json.substring(start + key.length(), end);
    }
}
