package dev.exeat.bench.upstream;

import dev.exeat.bench.wire.AppTls;
import dev.exeat.net.ByteStream;
import dev.exeat.net.StreamException;
import java.nio.ByteBuffer;

/** One connection of the upstream: answers the hello, then each request, until the client ends. Confined to its loop. */
final class Answering implements ByteStream.Handler {
    private static final int LARGEST_RECORD = 16 * 1024 + AppTls.HEADER;

    private final Octets octets;
    private final ByteBuffer in = ByteBuffer.allocate(2048);
    private ByteBuffer out;
    private long recordsLeft;
    private boolean endSeen;

    Answering(Octets octets) {
        this.octets = octets;
        this.out = octets.nothing();
    }

    @Override
    public void readable(ByteStream stream) {
        try {
            receive(stream);
            send(stream);
        } catch (StreamException e) {
            stream.reset();
        }
    }

    @Override
    public void writable(ByteStream stream) {
        readable(stream);
    }

    private void receive(ByteStream stream) {
        while (!endSeen) {
            ByteBuffer scratch = stream.loop().scratch().bytes().clear();
            int read = stream.read(stream.loop().scratch());
            if (read == 0) {
                return;
            }
            if (read < 0) {
                endSeen = true;
                return;
            }
            in.put(scratch.flip());
            answerRecords();
        }
    }

    /** A client waits for each answer, so there is never more than one record to answer. */
    private void answerRecords() {
        in.flip();
        while (in.remaining() >= AppTls.HEADER) {
            int length = AppTls.HEADER + (in.getShort(in.position() + 3) & 0xffff);
            if (length > LARGEST_RECORD) {
                throw new StreamException(StreamException.Kind.PROTOCOL, "no TLS record");
            }
            if (in.remaining() < length) {
                break;
            }
            answer(in.slice(in.position(), length));
            in.position(in.position() + length);
        }
        in.compact();
    }

    private void answer(ByteBuffer record) {
        if (record.get(0) == AppTls.HANDSHAKE) {
            out = octets.answer();
            return;
        }
        recordsLeft = AppTls.records(record);
        out = recordsLeft == 0 ? octets.response() : octets.nothing();
    }

    private void send(ByteStream stream) {
        while (true) {
            if (out.hasRemaining()) {
                stream.write(out);
                if (out.hasRemaining()) {
                    return;
                }
            }
            if (recordsLeft == 0) {
                break;
            }
            int records = (int) Math.min(recordsLeft, Octets.RECORDS);
            recordsLeft -= records;
            out = octets.records(records);
        }
        if (endSeen) {
            stream.end();
        }
    }
}
