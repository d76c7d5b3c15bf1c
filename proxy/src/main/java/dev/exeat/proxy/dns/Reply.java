package dev.exeat.proxy.dns;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;

/**
 * A message that answers a question: the header, the question and the first record fit it. What else it holds is
 * hostile.
 *
 * @param answers the records of the answer section, {@link #MAX_COUNT} at most
 * @param soa the SOA record of the authority section, which says that there is no more to be found (RFC 2308)
 */
record Reply(
        int rcode,
        boolean truncated,
        List<Record> answers,
        @Nullable SOARecord soa) {
    private static final int HEADER = 12;
    /** More than any honest answer has; keeps the parser's work small. */
    static final int MAX_COUNT = 1024;

    /** A message that does not answer the question. */
    static final class Odd extends Exception {
        Odd(String why) {
            super(why, null, false, false);
        }
    }

    /** @throws Odd if the message does not answer the question that was asked with the id */
    static Reply read(ByteBuffer bytes, Question question, int id) throws Odd {
        if (bytes.remaining() < HEADER) {
            throw new Odd("a message shorter than a header");
        }
        if (Question.id(bytes) != id) {
            throw new Odd("a message with another id");
        }
        int records = 0;
        for (int at = 6; at < HEADER; at += 2) {
            records += bytes.getShort(at) & 0xffff;
        }
        if (records > MAX_COUNT) {
            throw new Odd("a message that announces " + records + " records");
        }
        Message message = parse(bytes);
        if (!message.getHeader().getFlag(Flags.QR) || !question.isAskedBy(message)) {
            throw new Odd("a message with another question");
        }
        boolean truncated = message.getHeader().getFlag(Flags.TC);
        List<Record> answers = message.getSection(Section.ANSWER);
        int rcode = message.getRcode();
        if (rcode == Rcode.NOERROR && !truncated && !answers.isEmpty() && !concerns(answers, question)) {
            throw new Odd("a message without a record of the name that was asked");
        }
        return new Reply(rcode, truncated, List.copyOf(answers), soa(message));
    }

    private static Message parse(ByteBuffer bytes) throws Odd {
        try {
            return new Message(bytes.slice());
        } catch (IOException | RuntimeException e) {
            throw new Odd("a message that breaks RFC 1035");
        }
    }

    private static boolean concerns(List<Record> answers, Question question) {
        return answers.stream()
                .anyMatch(r -> r.getDClass() == DClass.IN && r.getName().equals(question.name()));
    }

    private static @Nullable SOARecord soa(Message message) {
        for (Record record : message.getSection(Section.AUTHORITY)) {
            if (record instanceof SOARecord soa) {
                return soa;
            }
        }
        return null;
    }
}
