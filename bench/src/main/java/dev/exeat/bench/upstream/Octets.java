package dev.exeat.bench.upstream;

import dev.exeat.bench.wire.AppTls;
import java.nio.ByteBuffer;

/** What the upstream sends, made once, in memory that needs no copy on its way to the kernel. Immutable. */
final class Octets {
    /** How many records are sent with one call. */
    static final int RECORDS = 16;

    private final ByteBuffer answer = direct(AppTls.answer());
    private final ByteBuffer response = direct(AppTls.response());
    private final ByteBuffer records = direct(AppTls.fullRecords(RECORDS));

    private static ByteBuffer direct(byte[] octets) {
        return ByteBuffer.allocateDirect(octets.length).put(octets).flip().asReadOnlyBuffer();
    }

    ByteBuffer nothing() {
        return answer.slice(0, 0);
    }

    ByteBuffer answer() {
        return answer.duplicate();
    }

    ByteBuffer response() {
        return response.duplicate();
    }

    ByteBuffer records(int count) {
        return records.slice(0, Math.toIntExact(AppTls.bulkOctets(count)));
    }
}
