package dev.exeat.hello;

import static org.assertj.core.api.Assertions.assertThat;

import dev.exeat.hello.HelloProgress.Complete;
import dev.exeat.hello.HelloProgress.NeedMore;
import dev.exeat.hello.HelloProgress.Refused;
import dev.exeat.model.HelloFacts;
import dev.exeat.testkit.ClientHelloBuilder;
import dev.exeat.testkit.HelloCase;
import dev.exeat.testkit.HelloCases;
import dev.exeat.testkit.RecordSplitter;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The reader and an independent parser must agree on every input, sound or broken at random. */
class HelloDifferentialTest {
    private static final int ROUNDS = 200_000;
    private static final int LIMIT = 2_048;

    static List<HelloCase> cases() {
        return HelloCases.all();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void agrees_on_the_catalogue(HelloCase one) {
        assertThat(read(one.octets(), HelloReader.DEFAULT_LIMIT))
                .isEqualTo(HelloOracle.judge(one.octets(), HelloReader.DEFAULT_LIMIT));
    }

    @Test
    void agrees_on_mutated_hellos() {
        SplittableRandom random = new SplittableRandom(20_260_901);
        List<byte[]> seeds = seeds();
        Map<String, Integer> verdicts = new TreeMap<>();
        for (int round = 0; round < ROUNDS; round++) {
            byte[] input = mutate(seeds.get(random.nextInt(seeds.size())), random);
            String expected = HelloOracle.judge(input, LIMIT);
            String actual = read(input, LIMIT);
            if (!actual.equals(expected)) {
                assertThat(actual)
                        .as("round " + round + ": " + HexFormat.of().formatHex(input))
                        .isEqualTo(expected);
            }
            verdicts.merge(kind(expected), 1, Integer::sum);
        }
        // Without a spread of verdicts agreement would prove little.
        assertThat(verdicts)
                .containsKeys("valid", "more")
                .hasSizeGreaterThanOrEqualTo(11)
                .allSatisfy((verdict, count) -> assertThat(count).as(verdict).isGreaterThan(20));
    }

    private static String kind(String verdict) {
        return verdict.startsWith("valid") ? "valid" : verdict;
    }

    private static List<byte[]> seeds() {
        List<byte[]> seeds = new ArrayList<>();
        for (HelloCase one : HelloCases.all()) {
            if (one.octets().length < LIMIT) {
                seeds.add(one.octets());
            }
        }
        ClientHelloBuilder rich = ClientHelloBuilder.to("rich.wild.test")
                .alpn("h2", "http/1.1", "x")
                .grease()
                .groups(0x11eb, 0x1d)
                .ech(32);
        byte[] message = rich.message();
        for (String plan : List.of("*", "1,2,3,*", "40,*", "4,1,*", "3,1,1,1,*")) {
            seeds.add(new RecordSplitter().fragments(plan).split(message));
        }
        seeds.add(new RecordSplitter().size(64).split(message));
        return seeds;
    }

    /** One to four changes: interesting octets, flips, lengths off by one, cuts, doubled and moved parts. */
    private static byte[] mutate(byte[] seed, SplittableRandom random) {
        byte[] octets = seed.clone();
        for (int left = 1 + random.nextInt(4); left > 0 && octets.length > 0; left--) {
            int at = random.nextInt(octets.length);
            switch (random.nextInt(8)) {
                case 0 -> octets[at] = (byte) random.nextInt(256);
                case 1 -> octets[at]++;
                case 2 -> octets[at]--;
                case 3 -> octets[at] = new byte[] {0, 1, 3, 22, 127, -1}[random.nextInt(6)];
                case 4 -> octets[at] ^= (byte) (1 << random.nextInt(8));
                case 5 -> octets = random.nextInt(4) == 0 ? Arrays.copyOf(octets, at) : octets;
                case 6 -> octets = cut(octets, at, random.nextInt(4));
                default -> octets = repeat(octets, at, random.nextInt(6));
            }
        }
        return octets;
    }

    private static byte[] cut(byte[] octets, int at, int count) {
        int gone = Math.min(count, octets.length - at);
        byte[] result = Arrays.copyOf(octets, octets.length - gone);
        System.arraycopy(octets, at + gone, result, at, octets.length - at - gone);
        return result;
    }

    private static byte[] repeat(byte[] octets, int at, int count) {
        int more = Math.min(count, octets.length - at);
        byte[] result = Arrays.copyOf(octets, octets.length + more);
        System.arraycopy(octets, at, result, at + more, octets.length - at);
        return result;
    }

    private static String read(byte[] octets, int limit) {
        return switch (new HelloReader(limit).feed(ByteBuffer.wrap(octets))) {
            case NeedMore _ -> "more";
            case Refused refused -> "refused " + refused.reason() + " " + refused.alert();
            case Complete(HelloFacts facts, int end) ->
                "valid " + facts.rawName() + " " + facts.versions() + " " + facts.alpn() + " " + facts.ech() + " "
                        + facts.postQuantum() + " " + facts.length() + " end=" + end;
        };
    }
}
