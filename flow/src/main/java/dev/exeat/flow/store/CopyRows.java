package dev.exeat.flow.store;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/** Rows of the table of flows for COPY in its binary format (PostgreSQL's documentation of COPY, Binary Format). */
final class CopyRows {
    private static final String SQL =
            "COPY flow (sequence, time, id, writer, open, line, written) FROM STDIN (FORMAT binary)";
    private static final byte[] SIGNATURE = {'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xff, '\r', '\n', 0};
    private static final short FIELDS = 7;
    private static final int FIXED = 2 + 4 * 12 + 6 + 2 * 4;
    private static final int SIZE = 64 * 1024;

    private final CopyIn copy;
    private ByteBuffer buffer = ByteBuffer.allocate(SIZE);

    CopyRows(Connection connection) throws SQLException {
        this.copy = connection.unwrap(PGConnection.class).getCopyAPI().copyIn(SQL);
        // No flags, no extension of the header.
        buffer.put(SIGNATURE).putInt(0).putInt(0);
    }

    void add(long sequence, long writer, long written, Entry entry) throws SQLException {
        byte[] id = entry.id().getBytes(StandardCharsets.US_ASCII);
        byte[] line = entry.line().get().getBytes(StandardCharsets.US_ASCII);
        require(FIXED + id.length + line.length);
        buffer.putShort(FIELDS);
        number(sequence);
        number(entry.micros());
        text(id);
        number(writer);
        buffer.putInt(Short.BYTES).putShort((short) (entry.open() ? 1 : 0));
        text(line);
        number(written);
    }

    private void require(int octets) throws SQLException {
        if (buffer.remaining() < octets) {
            flush();
        }
        if (buffer.remaining() < octets) {
            buffer = ByteBuffer.allocate(octets);
        }
    }

    private void flush() throws SQLException {
        copy.writeToCopy(buffer.array(), 0, buffer.position());
        buffer.clear();
    }

    private void number(long value) {
        buffer.putInt(Long.BYTES).putLong(value);
    }

    private void text(byte[] octets) {
        buffer.putInt(octets.length).put(octets);
    }

    void end() throws SQLException {
        require(Short.BYTES);
        buffer.putShort((short) -1);
        flush();
        copy.endCopy();
    }
}
