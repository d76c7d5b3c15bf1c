package dev.exeat.proxy.workload;

import dev.exeat.model.Reason;
import dev.exeat.proxy.http1.HttpAnswers;
import dev.exeat.proxy.http1.Refusal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** HTTP without TLS on a redirected connection, whose client understands an answer in HTTP better than a TLS alert. */
final class PlainHttp {
    private static final List<String> METHODS =
            List.of("GET ", "HEAD ", "POST ", "PUT ", "PATCH ", "DELETE ", "OPTIONS ", "TRACE ", "CONNECT ");

    private PlainHttp() {}

    /** Whether a client's first octets are those of an HTTP request (RFC 9112 section 3). */
    static boolean begins(byte[] octets) {
        int length = Math.min(octets.length, "CONNECT ".length());
        String start = new String(octets, 0, length, StandardCharsets.ISO_8859_1);
        return METHODS.stream().anyMatch(start::startsWith);
    }

    static ByteBuffer refusal() {
        return HttpAnswers.refusal(
                HttpAnswers.statusOf(Reason.NOT_TLS),
                new Refusal(
                        Reason.NOT_TLS,
                        "HTTP without TLS does not leave this workload.",
                        null,
                        "",
                        "Use an https URL."));
    }
}
