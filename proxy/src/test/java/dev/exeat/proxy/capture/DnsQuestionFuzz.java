package dev.exeat.proxy.capture;

import dev.exeat.model.IpAddress;
import dev.exeat.proxy.dns.DnsOracle;
import dev.exeat.testkit.fuzz.FuzzTarget;
import dev.exeat.testkit.fuzz.Same;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** Whatever a client asks the responder, a plain question of a second reader is answered rightly, and nothing else with an address. */
public final class DnsQuestionFuzz implements FuzzTarget {
    /** Header, the longest question, an address and an OPT record: what is sent can't be used to flood others. */
    private static final int LONGEST_REPLY = 12 + 255 + 4 + 28 + 11;

    private final ReservedAddresses reserved = new ReservedAddresses(ReservedAddresses.USUAL, List.of());
    private final DnsAnswers answers = new DnsAnswers(reserved);

    @Override
    public String name() {
        return "dns-question";
    }

    @Override
    public List<byte[]> seeds() {
        byte[] pointer = question("a.b.", Type.A);
        pointer[12] = (byte) 0xc0;
        pointer[13] = 0;
        return List.of(
                question("en.wikipedia.org.", Type.A),
                question("EN.wikipedia.org.", Type.AAAA),
                question("localhost.", Type.A),
                question("a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p.", Type.HTTPS),
                question(".", Type.A),
                question("example.test.", Type.ANY),
                question("_dns.resolver.arpa.", Type.SVCB),
                withEdns(),
                pointer);
    }

    private static byte[] question(String name, int type) {
        return query(name, type).toWire();
    }

    private static byte[] withEdns() {
        Message message = query("en.wikipedia.org.", Type.A);
        message.addRecord(new OPTRecord(4096, 0, 0), Section.ADDITIONAL);
        return message.toWire();
    }

    private static Message query(String name, int type) {
        Message message = Message.newQuery(Record.newRecord(Name.fromConstantString(name), type, DClass.IN));
        message.getHeader().setID(0x1234);
        return message;
    }

    @Override
    public List<byte[]> tokens() {
        return List.of(
                new byte[] {(byte) 0xc0, 12},
                new byte[] {(byte) 0xc0, 0},
                new byte[] {0, 1, 0, 1},
                new byte[] {0, 28, 0, 1},
                new byte[] {0, 65, 0, 1},
                new byte[] {0, 0, 41, 16, 0, 0, 0, 0, 0, 0, 0},
                new byte[] {0, 0, 41, 16, 0, 0, 1, 0, 0, 0, 0},
                new byte[] {9, 'l', 'o', 'c', 'a', 'l', 'h', 'o', 's', 't', 0});
    }

    @Override
    public String feed(byte[] input) {
        DnsAnswers.Reply reply = answers.answer(ByteBuffer.wrap(input));
        byte[] wire = reply.wire();
        if (wire.length == 0) {
            Same.require("a reason for silence", reply.result(), DnsResult.MALFORMED);
            return "silence";
        }
        Same.require("a short reply", wire.length <= LONGEST_REPLY, true);
        Same.require("the id", List.of(wire[0], wire[1]), List.of(input[0], input[1]));
        Same.require("is a response", wire[2] < 0, true);
        boolean answered = u16(wire, 6) > 0;
        Same.require("one answer for an address", reply.result() == DnsResult.ADDRESS, answered);
        Plain plain = Plain.read(input);
        if (plain != null) {
            Same.require("the address", expected(plain), DnsOracle.addresses(wire, plain.name + ".", plain.type));
        }
        return reply.result().code() + (plain == null ? "" : " " + plain.type) + " " + (wire[3] & 15);
    }

    private List<String> expected(Plain plain) {
        boolean v4 = plain.type == Type.A;
        if (plain.name.equals("localhost") || plain.name.endsWith(".localhost")) {
            return List.of(v4 ? "7f000001" : "0".repeat(31) + "1");
        }
        IpAddress address = Objects.requireNonNull(reserved.of(plain.name, v4));
        return List.of(HexFormat.of().formatHex(address.octets()));
    }

    private static int u16(byte[] octets, int at) {
        return ByteBuffer.wrap(octets).getShort(at) & 0xffff;
    }

    /** A question for an address as every resolver asks it, and no octet beside it: read without the responder's library. */
    private record Plain(String name, int type) {
        static @Nullable Plain read(byte[] in) {
            byte[] counts = {0, 1, 0, 0, 0, 0, 0, 0};
            boolean header = in.length >= 12
                    && (in[2] & 0xf8) == 0
                    && ByteBuffer.wrap(in, 4, 8).equals(ByteBuffer.wrap(counts));
            if (!header) {
                return null;
            }
            StringBuilder name = new StringBuilder();
            int at = 12;
            while (at < in.length && in[at] > 0 && in[at] < 64 && at + in[at] < in.length) {
                String label = new String(in, at + 1, in[at], StandardCharsets.ISO_8859_1);
                if (!label.chars().allMatch(c -> Character.isLetterOrDigit(c) && c < 128)) {
                    return null;
                }
                name.append(name.isEmpty() ? "" : ".").append(label);
                at += in[at] + 1;
            }
            boolean end = !name.isEmpty() && name.length() < 254 && in.length == at + 5 && in[at] == 0;
            int type = end ? u16(in, at + 1) : 0;
            return (type == Type.A || type == Type.AAAA) && u16(in, at + 3) == DClass.IN
                    ? new Plain(name.toString().toLowerCase(Locale.ROOT), type)
                    : null;
        }
    }
}
