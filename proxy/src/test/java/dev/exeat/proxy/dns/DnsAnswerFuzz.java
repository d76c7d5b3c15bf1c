package dev.exeat.proxy.dns;

import dev.exeat.model.IpAddress;
import dev.exeat.testkit.fuzz.FuzzTarget;
import dev.exeat.testkit.fuzz.Same;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** Whatever a name server sends, the addresses that are used are those that a second reader finds, too. */
public final class DnsAnswerFuzz implements FuzzTarget {
    private static final int ID = 0x1234;
    private static final int MAX_LINKS = 8;
    private static final Name NAME = Name.fromConstantString("a.test.");
    private static final Name ALIAS = Name.fromConstantString("b.example.test.");

    @Override
    public String name() {
        return "dns";
    }

    @Override
    public List<byte[]> seeds() {
        List<Record> chain = new ArrayList<>();
        Name from = NAME;
        for (int i = 0; i < 9; i++) {
            Name to = Name.fromConstantString("c" + i + ".test.");
            chain.add(new CNAMERecord(from, DClass.IN, 5, to));
            from = to;
        }
        chain.add(a(from, 7));
        List<Record> many = new ArrayList<>();
        for (int i = 0; i < 70; i++) {
            many.add(a(NAME, i));
        }
        return List.of(
                reply(Rcode.NOERROR, a(NAME, 1), a(NAME, 2)),
                reply(Rcode.NOERROR, new CNAMERecord(NAME, DClass.IN, 60, ALIAS), a(ALIAS, 3)),
                reply(Rcode.NOERROR, a(ALIAS, 3), new CNAMERecord(NAME, DClass.IN, Integer.MAX_VALUE, ALIAS)),
                reply(
                        Rcode.NOERROR,
                        new CNAMERecord(NAME, DClass.IN, 60, ALIAS),
                        new CNAMERecord(ALIAS, DClass.IN, 60, NAME)),
                reply(Rcode.NOERROR, chain.toArray(Record[]::new)),
                reply(Rcode.NOERROR, many.toArray(Record[]::new)),
                reply(Rcode.NOERROR, aaaa(NAME), a(NAME, 1)),
                reply(Rcode.NXDOMAIN),
                reply(Rcode.SERVFAIL));
    }

    private static Record a(Name name, int last) {
        return new ARecord(name, DClass.IN, 300, address(new byte[] {(byte) 192, 0, 2, (byte) last}));
    }

    private static Record aaaa(Name name) {
        byte[] octets = new byte[16];
        octets[0] = 0x20;
        return new AAAARecord(name, DClass.IN, 300, address(octets));
    }

    private static InetAddress address(byte[] octets) {
        try {
            return InetAddress.getByAddress(octets);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] reply(int rcode, Record... answers) {
        Message message = new Message(ID);
        message.getHeader().setFlag(Flags.QR);
        message.getHeader().setRcode(rcode);
        message.addRecord(Record.newRecord(NAME, Type.A, DClass.IN), Section.QUESTION);
        for (Record answer : answers) {
            message.addRecord(answer, Section.ANSWER);
        }
        if (rcode == Rcode.NXDOMAIN) {
            Name zone = Name.fromConstantString("test.");
            message.addRecord(new SOARecord(zone, DClass.IN, 60, zone, zone, 1, 2, 3, 4, 30), Section.AUTHORITY);
        }
        return message.toWire();
    }

    @Override
    public List<byte[]> tokens() {
        return List.of(
                new byte[] {(byte) 0xc0, 12},
                new byte[] {(byte) 0xc0, 0},
                new byte[] {0, 1, 0, 1},
                new byte[] {0, 5, 0, 1},
                new byte[] {0, 28, 0, 1},
                new byte[] {0, 4, (byte) 192, 0, 2, 9},
                new byte[] {1, 'a', 4, 't', 'e', 's', 't', 0},
                new byte[] {-1, -1, -1, -1});
    }

    @Override
    public String feed(byte[] input) {
        Question question = new Question(NAME, Type.A);
        Reply reply;
        try {
            reply = Reply.read(ByteBuffer.wrap(input), question, ID);
        } catch (Reply.Odd e) {
            return "odd: " + e.getMessage();
        }
        if (reply.truncated()) {
            return "truncated";
        }
        Chain chain = new Chain(NAME, Type.A, MAX_LINKS);
        Family family;
        try {
            family = chain.follow(reply);
        } catch (DnsFailure e) {
            return e.detail();
        }
        List<String> expected = DnsOracle.addresses(input, "a.test.", Type.A);
        if (family == null) {
            Same.require("addresses", List.of(), expected);
            return "asks on";
        }
        return switch (family) {
            case Family.Found(List<IpAddress> addresses, List<Name> aliases, long ttl) -> {
                Same.require(
                        "addresses",
                        addresses.stream()
                                .map(address -> HexFormat.of().formatHex(address.octets()))
                                .toList(),
                        expected);
                Same.require("a time to live", ttl >= 0 && ttl <= Integer.MAX_VALUE, true);
                Same.require("few aliases", aliases.size() <= MAX_LINKS, true);
                yield "found " + aliases.size() + (addresses.size() > 1 ? " many" : " one");
            }
            case Family.None none -> {
                Same.require("addresses", List.of(), expected);
                yield "none " + none.noName() + (none.ttl() > 0);
            }
            case Family.Failed failed -> failed.failure().detail();
        };
    }
}
