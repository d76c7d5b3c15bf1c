package dev.exeat.hello;

import static dev.exeat.model.TlsAlert.RECORD_OVERFLOW;
import static dev.exeat.model.TlsAlert.UNEXPECTED_MESSAGE;

import dev.exeat.model.Reason;
import dev.exeat.model.TlsAlert;
import java.nio.ByteBuffer;

/**
 * Reads one ClientHello from a client's first octets, over any split into TLS records (RFC 8446 section 5.1) and
 * into calls. It refuses at the first octet that cannot belong to a valid hello, and whatever is not a complete,
 * valid hello in handshake records alone is never {@link HelloProgress.Complete}.
 *
 * <p>Work is linear in the octets fed. Memory grows with the octets that have arrived, never by a length that the
 * client claims. One per connection; not thread-safe.
 */
public final class HelloReader {
    /** The largest ClientHello message by default, in octets: post-quantum shares and large tickets fit well. */
    public static final int DEFAULT_LIMIT = 64 * 1024;

    static final int HANDSHAKE = 22;
    static final int RECORD_HEADER = 5;
    static final int MAX_PLAINTEXT = 16_384;

    private static final int CLIENT_HELLO = 1;

    private final int limit;
    private final OctetBuffer wire = new OctetBuffer();
    private HelloProgress progress = HelloProgress.NeedMore.INSTANCE;
    private int scanned;
    private int headerSeen;
    private int recordLength;
    private int recordLeft;
    private int records;
    private int messageSeen;
    private int messageLength;

    /** @param limit the largest ClientHello message, header included, in octets; its records may take twice as much */
    public HelloReader(int limit) {
        if (limit < ClientHelloParser.HEADER) {
            throw new IllegalArgumentException("a ClientHello limit of " + limit + " octets is too small");
        }
        this.limit = limit;
    }

    /**
     * Takes all of {@code bytes} and tells how far the hello has come. After {@code Complete} further octets are
     * still kept, as trailing data: the caller bounds them by not reading. After {@code Refused} they are dropped.
     */
    public HelloProgress feed(ByteBuffer bytes) {
        if (progress instanceof HelloProgress.Refused) {
            bytes.position(bytes.limit());
            return progress;
        }
        wire.append(bytes);
        if (progress instanceof HelloProgress.NeedMore) {
            try {
                scan();
            } catch (HelloException e) {
                progress = e.refused();
            }
        }
        return progress;
    }

    /** A copy of every octet fed so far (up to a refusal), unchanged, to be forwarded as it is. */
    public byte[] received() {
        return wire.toArray();
    }

    private void scan() {
        while (scanned < wire.size()) {
            if (headerSeen < RECORD_HEADER) {
                headerOctet(headerSeen++, wire.at(scanned++));
                continue;
            }
            if (messageSeen < ClientHelloParser.HEADER) {
                messageHeaderOctet(messageSeen, wire.at(scanned));
                took(1);
                if (messageSeen == ClientHelloParser.HEADER) {
                    requireMessageHoldsRecord();
                }
            } else {
                took(Math.min(recordLeft, wire.size() - scanned));
            }
            if (recordLeft == 0 && messageSeen >= ClientHelloParser.HEADER && messageSeen == messageLength) {
                complete();
                return;
            }
        }
    }

    private void took(int octets) {
        scanned += octets;
        messageSeen += octets;
        recordLeft -= octets;
        if (recordLeft == 0) {
            headerSeen = 0;
        }
    }

    private void headerOctet(int index, int octet) {
        switch (index) {
            case 0 -> recordType(octet);
            case 1 -> recordMajor(octet);
            case 2 -> {
                // The minor version is ignored (RFC 8446 section 5.1: legacy_record_version).
            }
            case 3 -> {
                recordLength = octet << 8;
                requireRecordFits();
            }
            default -> {
                recordLength |= octet;
                requireRecordFits();
                recordStarts();
            }
        }
    }

    private void recordType(int type) {
        if (type != HANDSHAKE && records == 0) {
            throw new HelloException(
                    Reason.NOT_TLS,
                    UNEXPECTED_MESSAGE,
                    "the first octet is " + type + ", not 22 as in a TLS handshake");
        }
        if (type != HANDSHAKE) {
            throw HelloException.malformed(
                    UNEXPECTED_MESSAGE, "a record of type " + type + " stands within the ClientHello");
        }
    }

    private void recordMajor(int major) {
        if (major != 3) {
            throw new HelloException(
                    records == 0 ? Reason.NOT_TLS : Reason.HELLO_MALFORMED,
                    TlsAlert.PROTOCOL_VERSION,
                    "the record's major version is " + major + ", not 3 as in TLS");
        }
    }

    private void requireRecordFits() {
        if (recordLength > MAX_PLAINTEXT) {
            throw HelloException.malformed(RECORD_OVERFLOW, "a record claims more than 16384 octets");
        }
    }

    private void recordStarts() {
        // A server that skips an empty record behind an inspector that does not would see another hello.
        if (recordLength == 0) {
            throw HelloException.malformed(UNEXPECTED_MESSAGE, "a handshake record is empty");
        }
        records++;
        recordLeft = recordLength;
        // One octet a record makes a hello six times its size; real ones add five octets for each 16 KiB.
        if ((long) scanned + recordLength > 2L * limit + RECORD_HEADER) {
            throw tooLarge("the records of the ClientHello take more than twice the limit of " + limit + " octets");
        }
        if (messageSeen >= ClientHelloParser.HEADER) {
            requireMessageHoldsRecord();
        }
    }

    private void messageHeaderOctet(int index, int octet) {
        if (index == 0) {
            if (octet != CLIENT_HELLO) {
                throw HelloException.malformed(
                        UNEXPECTED_MESSAGE, "the first handshake message is of type " + octet + ", not a ClientHello");
            }
            messageLength = 0;
            return;
        }
        messageLength |= octet << (8 * (ClientHelloParser.HEADER - 1 - index));
        if (messageLength + ClientHelloParser.HEADER > limit) {
            throw tooLarge("the ClientHello claims more than the limit of " + limit + " octets");
        }
        if (index == ClientHelloParser.HEADER - 1) {
            messageLength += ClientHelloParser.HEADER;
        }
    }

    private void requireMessageHoldsRecord() {
        if (recordLeft > messageLength - messageSeen) {
            throw HelloException.malformed(
                    UNEXPECTED_MESSAGE, "something follows the ClientHello within its last record");
        }
    }

    private void complete() {
        if (records == 1) {
            progress = completeWith(wire.array(), RECORD_HEADER);
            return;
        }
        byte[] message = new byte[messageLength];
        int filled = 0;
        for (int at = 0; at < scanned; ) {
            int length = (wire.at(at + 3) << 8) | wire.at(at + 4);
            System.arraycopy(wire.array(), at + RECORD_HEADER, message, filled, length);
            filled += length;
            at += RECORD_HEADER + length;
        }
        progress = completeWith(message, 0);
    }

    private HelloProgress completeWith(byte[] octets, int from) {
        return new HelloProgress.Complete(ClientHelloParser.parse(octets, from, from + messageLength), scanned);
    }

    private HelloException tooLarge(String detail) {
        return new HelloException(Reason.HELLO_TOO_LARGE, TlsAlert.DECODE_ERROR, detail);
    }

    /** How many octets have been looked at; never goes back. */
    int scanned() {
        return scanned;
    }

    OctetBuffer wire() {
        return wire;
    }
}
