package dev.exeat.control.api;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Decodes a path's segment strictly (RFC 3986 section 2.1). */
final class PercentDecoding {
    private PercentDecoding() {}

    /** @throws ApiException 400 where an escape is broken, or stands for a control character, '/', or bad UTF-8 */
    static String decode(String segment) {
        if (segment.indexOf('%') < 0) {
            return segment;
        }
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        for (int i = 0; i < segment.length(); i++) {
            char c = segment.charAt(i);
            if (c != '%') {
                octets.writeBytes(String.valueOf(c).getBytes(StandardCharsets.UTF_8));
                continue;
            }
            int high = i + 2 < segment.length() ? Character.digit(segment.charAt(i + 1), 16) : -1;
            int low = high >= 0 ? Character.digit(segment.charAt(i + 2), 16) : -1;
            int octet = high << 4 | low;
            if (low < 0 || octet < 0x20 || octet == 0x7f || octet == '/') {
                throw invalid();
            }
            octets.write(octet);
            i += 2;
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(octets.toByteArray()))
                    .toString();
        } catch (CharacterCodingException e) {
            throw invalid();
        }
    }

    private static ApiException invalid() {
        return new ApiException(400, "invalid_path", "the path holds an escape that is not allowed", "");
    }
}
