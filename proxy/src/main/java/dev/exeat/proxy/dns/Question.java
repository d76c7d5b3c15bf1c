package dev.exeat.proxy.dns;

import java.nio.ByteBuffer;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** What is asked: the addresses of one family ({@link Type#A} or {@link Type#AAAA}) of a name, in class IN. */
record Question(Name name, int type) {
    /** Fits an unfragmented datagram on every usual path (DNS flag day 2020). */
    private static final int EDNS_PAYLOAD = 1232;

    /** The query on the wire (RFC 1035 section 4.1), recursion desired; with EDNS (RFC 6891) where wanted. */
    byte[] query(int id, boolean edns) {
        Message message = Message.newQuery(Record.newRecord(name, type, DClass.IN));
        message.getHeader().setID(id);
        if (edns) {
            message.addRecord(new OPTRecord(EDNS_PAYLOAD, 0, 0), Section.ADDITIONAL);
        }
        return message.toWire();
    }

    /** RFC 5452 section 9.1: the question comes back with the answer, or it is the answer to something else. */
    boolean isAskedBy(Message message) {
        Record asked = message.getQuestion();
        return message.getHeader().getOpcode() == Opcode.QUERY
                && message.getHeader().getCount(Section.QUESTION) == 1
                && asked != null
                && asked.getName().equals(name)
                && asked.getType() == type
                && asked.getDClass() == DClass.IN;
    }

    static int id(ByteBuffer message) {
        return message.getShort(0) & 0xffff;
    }
}
