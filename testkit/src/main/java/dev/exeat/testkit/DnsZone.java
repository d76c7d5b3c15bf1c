package dev.exeat.testkit;

import static dev.exeat.testkit.DnsQuestion.A;
import static dev.exeat.testkit.DnsQuestion.AAAA;
import static dev.exeat.testkit.DnsQuestion.CNAME;
import static dev.exeat.testkit.DnsQuestion.encode;
import static dev.exeat.testkit.DnsQuestion.record;

import dev.exeat.model.IpAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link DnsStub} answers. Names put in go first; then names under {@code .test}, by the beginning of their
 * first label:
 *
 * <ul>
 *   <li>{@code silent} nothing at all; {@code slow} after 4.5 s; {@code nx} NXDOMAIN; {@code sf} SERVFAIL
 *   <li>{@code tc} truncated on UDP; {@code big} the same, and 200 addresses on TCP
 *   <li>{@code rebind} the upstream for the first queries, then 127.0.0.1, with TTL 0; {@code retry} a dead address,
 *       then 127.0.0.1
 *   <li>{@code forge} a wrong id, a wrong question and records of another name before the right answer
 *   <li>{@code loopptr} a compression pointer to itself; {@code trunc} cut short; {@code junk} random octets
 *   <li>{@code cloop} a loop of two aliases; {@code deepN} a chain of N aliases; {@code cnpriv} an alias of a private
 *       address; {@code cloak} an alias of {@code denied.test}
 *   <li>{@code loop}, {@code priv}, {@code meta}, {@code mapped} and so on, one for each class of address; {@code self},
 *       {@code mixed}, {@code two}, {@code hole}, and any name under {@code wild.test},
 *       {@code wild2.test} and {@code deep.test}
 * </ul>
 *
 * Everything else is NXDOMAIN. Thread-safe.
 */
public final class DnsZone {
    private static final Duration SLOW = Duration.ofMillis(4500);
    private static final byte[] LOOPBACK = {127, 0, 0, 1};
    private static final String SUFFIX = ".test";
    private static final Map<String, String> ALIASES = Map.of("cnpriv", "int.corp", "cloak", "denied");

    /** First names under {@code .test} and what they resolve to: addresses, or a word for one of the {@link Places}. */
    private static final Map<String, String> FIXED = Map.ofEntries(
            Map.entry("loop", "127.0.0.1"),
            Map.entry("priv", "10.0.0.5"),
            Map.entry("p172", "172.31.255.255"),
            Map.entry("p172ok", "172.32.0.1"),
            Map.entry("p192", "192.168.1.1"),
            Map.entry("meta", "169.254.169.254"),
            Map.entry("meta6", "fd00:ec2::254"),
            Map.entry("cgnat", "100.64.0.1"),
            Map.entry("zero", "0.0.0.0"),
            Map.entry("bcast", "255.255.255.255"),
            Map.entry("mcast", "224.0.0.1"),
            Map.entry("mapped", "::ffff:127.0.0.1"),
            Map.entry("compat", "::7f00:1"),
            Map.entry("nat64", "64:ff9b::7f00:1"),
            Map.entry("nat64l", "64:ff9b:1::a00:5"),
            Map.entry("sixto4", "2002:7f00:1::"),
            Map.entry("teredo", "2001:0:4136:e378:8000:63bf:3fff:fdd2"),
            Map.entry("ula", "fc00::1"),
            Map.entry("ll6", "fe80::1"),
            Map.entry("one6", "::1"),
            Map.entry("zero6", "::"),
            Map.entry("bench", "198.18.0.1"),
            Map.entry("doc", "192.0.2.1"),
            Map.entry("doc6", "2001:db8::1"),
            Map.entry("classe", "240.0.0.1"),
            Map.entry("allowed", "UPSTREAM"),
            Map.entry("other", "UPSTREAM"),
            Map.entry("denied", "UPSTREAM"),
            Map.entry("self", "SELF"),
            Map.entry("admin", "SELF"),
            Map.entry("mixed", "10.0.0.5,UPSTREAM"),
            Map.entry("v6bad", "::1,UPSTREAM"),
            Map.entry("two", "DEAD,UPSTREAM"),
            Map.entry("hole", "192.0.2.255,UPSTREAM"),
            Map.entry("tc", "UPSTREAM"),
            Map.entry("int.corp", "10.0.0.5"),
            Map.entry("noech", "UPSTREAM"),
            Map.entry("mintls", "UPSTREAM"),
            Map.entry("xn--bcher-kva", "UPSTREAM"),
            Map.entry("xn--mnchen-3ya", "UPSTREAM"),
            Map.entry("wild", "UPSTREAM"),
            Map.entry("wild2", "UPSTREAM"),
            Map.entry("deep", "UPSTREAM"));

    private final Places places;
    private final Map<String, List<IpAddress>> put = new ConcurrentHashMap<>();
    private final Map<String, Integer> asked = new ConcurrentHashMap<>();
    private final Random random = new Random(1);

    /**
     * Where the zone's words point to.
     *
     * @param upstream the test's upstream, an IPv4 address
     * @param self the gateway's own address
     * @param dead an address where nothing listens
     * @param ttl of answers, in seconds
     * @param rebindAfter how many queries {@code rebind} answers with the upstream; A and AAAA count alike
     */
    public record Places(String upstream, String self, String dead, int ttl, int rebindAfter) {}

    /** Messages to send, in order, and how long to wait before. */
    record Answer(List<byte[]> messages, Duration delay) {
        static Answer of(byte[]... messages) {
            return new Answer(List.of(messages), Duration.ZERO);
        }
    }

    public DnsZone(Places places) {
        this.places = places;
    }

    /** A zone whose upstream is {@code upstream}, with a TTL of 5 s. */
    public static DnsZone withUpstream(String upstream) {
        return new DnsZone(new Places(upstream, "127.0.0.1", "127.0.10.99", 5, 2));
    }

    void put(String name, List<String> addresses) {
        put.put(
                name.toLowerCase(Locale.ROOT),
                addresses.stream().map(IpAddress::parse).toList());
    }

    Answer answer(DnsQuestion question, boolean overTcp) {
        int nth = asked.merge(question.key(), 1, Integer::sum);
        List<IpAddress> known = put.get(question.key());
        if (known != null) {
            return Answer.of(question.answer(addressRecords(question, question.name(), known, places.ttl())));
        }
        if (!question.key().endsWith(SUFFIX)) {
            return Answer.of(question.error(DnsQuestion.NXDOMAIN));
        }
        String base = question.key().substring(0, question.key().length() - SUFFIX.length());
        String label = base.split("\\.", 2)[0];
        Answer behaviour = behaviour(question, label, overTcp, nth);
        return behaviour == null ? fixed(question, base, label) : behaviour;
    }

    private @Nullable Answer behaviour(DnsQuestion question, String label, boolean overTcp, int nth) {
        if (label.startsWith("silent")) {
            return Answer.of();
        } else if (label.startsWith("slow")) {
            return new Answer(List.of(addresses(question, "UPSTREAM", 1)), SLOW);
        } else if (label.startsWith("nx")) {
            return Answer.of(question.error(DnsQuestion.NXDOMAIN));
        } else if (label.startsWith("sf")) {
            return Answer.of(question.error(DnsQuestion.SERVFAIL));
        } else if (label.startsWith("tc") && !overTcp) {
            return Answer.of(question.truncated());
        } else if (label.startsWith("big")) {
            return Answer.of(overTcp ? question.answer(manyAddresses(question)) : question.truncated());
        } else if (label.startsWith("rebind")) {
            return Answer.of(addresses(question, nth <= places.rebindAfter() ? "UPSTREAM" : "127.0.0.1", 0));
        } else if (label.startsWith("retry")) {
            return Answer.of(addresses(question, nth <= 1 ? "DEAD" : "127.0.0.1", 0));
        }
        return broken(question, label);
    }

    private @Nullable Answer broken(DnsQuestion question, String label) {
        if (label.startsWith("loopptr")) {
            byte[] toItself =
                    new OctetWriter().u16(0xc000 | question.answerOffset()).toArray();
            return Answer.of(question.answer(record(toItself, A, new byte[] {1, 2, 3, 4}, 5)));
        } else if (label.startsWith("trunc")) {
            byte[] whole = question.answer(record(question.name(), A, LOOPBACK, 5));
            return Answer.of(Arrays.copyOf(whole, whole.length - 2));
        } else if (label.startsWith("junk")) {
            byte[] junk = new byte[60];
            random.nextBytes(junk);
            return Answer.of(new OctetWriter().u16(question.id()).octets(junk).toArray());
        } else if (label.startsWith("forge")) {
            return forged(question);
        } else if (label.startsWith("cloop")) {
            return alias(question, label.equals("cloop") ? "cloop2.test" : "cloop.test");
        } else if (label.matches("deep\\d{1,4}")) {
            int left = Integer.parseInt(label.substring("deep".length()));
            return left > 0
                    ? alias(question, "deep" + (left - 1) + SUFFIX)
                    : Answer.of(addresses(question, "UPSTREAM", 5));
        }
        return null;
    }

    private Answer forged(DnsQuestion question) {
        byte[] evil = record(question.name(), A, LOOPBACK, 600);
        byte[] otherQuestion =
                new OctetWriter().octets(encode("other.test")).u16(A).u16(1).toArray();
        return Answer.of(
                DnsQuestion.message(question.id() ^ 0x100, 0, question.section(), evil),
                DnsQuestion.message(question.id(), 0, otherQuestion, evil),
                question.answer(
                        record("allowed.test", CNAME, encode("loop.test"), 600), record("loop.test", A, LOOPBACK, 600)),
                addresses(question, "UPSTREAM", places.ttl()));
    }

    private Answer fixed(DnsQuestion question, String base, String label) {
        String target = ALIASES.get(label);
        if (target != null) {
            List<byte[]> records = new ArrayList<>();
            String canonical = target + SUFFIX;
            records.add(record(question.name(), CNAME, encode(canonical), 5));
            records.addAll(List.of(addressRecords(question, canonical, resolve(FIXED.getOrDefault(target, "")), 5)));
            return Answer.of(question.answer(records.toArray(byte[][]::new)));
        }
        String last = base.substring(base.lastIndexOf('.') + 1);
        boolean subdomain = base.indexOf('.') >= 0;
        String spec = FIXED.get(base);
        if (spec == null && subdomain && (last.equals("wild") || last.equals("wild2") || last.equals("deep"))) {
            spec = "UPSTREAM";
        }
        return Answer.of(spec == null ? question.error(DnsQuestion.NXDOMAIN) : addresses(question, spec, places.ttl()));
    }

    private static Answer alias(DnsQuestion question, String target) {
        return Answer.of(question.answer(record(question.name(), CNAME, encode(target), 5)));
    }

    private byte[] addresses(DnsQuestion question, String spec, int ttl) {
        return question.answer(addressRecords(question, question.name(), resolve(spec), ttl));
    }

    private static byte[][] addressRecords(DnsQuestion question, String owner, List<IpAddress> addresses, int ttl) {
        return addresses.stream()
                .filter(address -> question.type() == (address.isV4() ? A : AAAA))
                .map(address -> record(owner, question.type(), address.octets(), ttl))
                .toArray(byte[][]::new);
    }

    private static byte[][] manyAddresses(DnsQuestion question) {
        byte[][] records = new byte[question.type() == A ? 200 : 0][];
        for (int i = 0; i < records.length; i++) {
            records[i] = record(question.name(), A, new byte[] {127, 0, 10, (byte) (1 + i % 250)}, 5);
        }
        return records;
    }

    private List<IpAddress> resolve(String spec) {
        List<IpAddress> addresses = new ArrayList<>();
        for (String word : spec.split(",")) {
            addresses.add(IpAddress.parse(
                    switch (word) {
                        case "UPSTREAM" -> places.upstream();
                        case "SELF" -> places.self();
                        case "DEAD" -> places.dead();
                        default -> word;
                    }));
        }
        return addresses;
    }
}
