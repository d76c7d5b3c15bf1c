package dev.exeat.proxy.capture;

import dev.exeat.model.IpAddress;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/**
 * Answers questions about names without asking anybody: each name has the address that is reserved for it, and nothing
 * else. HTTPS and SVCB records (RFC 9460) have no data, so that browsers find neither keys for ECH nor hints of HTTP/3.
 * Thread-safe.
 */
public final class DnsAnswers {
    /** The longest question; fits an unfragmented datagram on every usual path (DNS flag day 2020). */
    static final int MAX_OCTETS = 1232;

    private static final int HEADER = 12;
    /** How long clients may keep an answer, in seconds. It never changes; but the capture may end. */
    private static final int TTL = 60;
    /** The OPT record, and a TSIG or SIG(0), which has no meaning here. */
    private static final int MAX_ADDITIONAL = 2;
    /** From here to 255 are meta-types and types of questions (RFC 6895 section 3.1): transfers, ANY, keys. */
    private static final int FIRST_META_TYPE = 128;

    private static final int LAST_META_TYPE = 255;

    private final ReservedAddresses reserved;

    public DnsAnswers(ReservedAddresses reserved) {
        this.reserved = reserved;
    }

    /**
     * What to send back.
     *
     * @param wire empty where nothing is sent
     */
    record Reply(DnsResult result, byte[] wire) {
        static final Reply NONE = new Reply(DnsResult.MALFORMED, new byte[0]);
    }

    /** Answers a message from its position to its limit. */
    Reply answer(ByteBuffer query) {
        // To answer an answer would make two responders talk for ever.
        if (query.remaining() < HEADER || query.remaining() > MAX_OCTETS || query.get(query.position() + 2) < 0) {
            return Reply.NONE;
        }
        int id = query.getShort(query.position()) & 0xffff;
        if (!isOneQuestion(query)) {
            return error(id, Rcode.FORMERR, DnsResult.MALFORMED);
        }
        Message message;
        try {
            message = new Message(query.slice());
        } catch (IOException | RuntimeException e) {
            return error(id, Rcode.FORMERR, DnsResult.MALFORMED);
        }
        Record question = message.getQuestion();
        if (message.getHeader().getOpcode() != Opcode.QUERY) {
            return error(id, Rcode.NOTIMP, DnsResult.REFUSED);
        }
        return question == null ? error(id, Rcode.FORMERR, DnsResult.MALFORMED) : answer(message, question);
    }

    /** By the counts of the header (RFC 1035 section 4.1.1), before any work is done for records. */
    private static boolean isOneQuestion(ByteBuffer query) {
        int at = query.position();
        return query.getShort(at + 4) == 1
                && query.getShort(at + 6) == 0
                && query.getShort(at + 8) == 0
                && (query.getShort(at + 10) & 0xffff) <= MAX_ADDITIONAL;
    }

    private Reply answer(Message query, Record question) {
        Message reply = new Message(query.getHeader().getID());
        reply.getHeader().setFlag(Flags.QR);
        reply.getHeader().setFlag(Flags.RA);
        if (query.getHeader().getFlag(Flags.RD)) {
            reply.getHeader().setFlag(Flags.RD);
        }
        reply.addRecord(question, Section.QUESTION);
        DnsResult result = fill(reply, question);
        OPTRecord edns = query.getOPT();
        if (edns != null) {
            boolean known = edns.getVersion() == 0;
            int extended = known ? 0 : Rcode.BADVERS >> 4;
            if (!known) {
                // The lower half of BADVERS is 0 and stands in the header, the upper in the OPT record (RFC 6891).
                reply.removeAllRecords(Section.ANSWER);
                reply.getHeader().setRcode(0);
                result = DnsResult.REFUSED;
            }
            reply.addRecord(new OPTRecord(MAX_OCTETS, extended, 0), Section.ADDITIONAL);
        }
        return new Reply(result, reply.toWire());
    }

    private DnsResult fill(Message reply, Record question) {
        int type = question.getType();
        if (question.getDClass() != DClass.IN || (type >= FIRST_META_TYPE && type <= LAST_META_TYPE)) {
            reply.getHeader().setRcode(Rcode.REFUSED);
            return DnsResult.REFUSED;
        }
        Name name = question.getName();
        IpAddress address = type == Type.A || type == Type.AAAA ? address(name, type == Type.A) : null;
        if (address == null) {
            return DnsResult.NO_DATA;
        }
        reply.addRecord(
                address.isV4()
                        ? new ARecord(name, DClass.IN, TTL, address.toInetAddress())
                        : new AAAARecord(name, DClass.IN, TTL, address.octets()),
                Section.ANSWER);
        return DnsResult.ADDRESS;
    }

    private @Nullable IpAddress address(Name name, boolean v4) {
        if (name.equals(Name.root)) {
            return null;
        }
        String text = name.toString(true).toLowerCase(Locale.ROOT);
        if (text.equals("localhost") || text.endsWith(".localhost")) {
            // RFC 6761 section 6.3: always this machine, which no rule captures.
            return IpAddress.parse(v4 ? "127.0.0.1" : "::1");
        }
        return reserved.of(text, v4);
    }

    private static Reply error(int id, int rcode, DnsResult result) {
        Message reply = new Message(id);
        reply.getHeader().setFlag(Flags.QR);
        reply.getHeader().setRcode(rcode);
        return new Reply(result, reply.toWire());
    }
}
