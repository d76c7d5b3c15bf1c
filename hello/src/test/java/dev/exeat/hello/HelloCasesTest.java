package dev.exeat.hello;

import static org.assertj.core.api.Assertions.assertThat;

import dev.exeat.testkit.HelloCase;
import dev.exeat.testkit.HelloCase.Expected;
import dev.exeat.testkit.HelloCases;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every case of the catalogue, and that no split of it into calls changes the answer. */
class HelloCasesTest {
    static List<HelloCase> cases() {
        return HelloCases.all();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void reads_as_expected(HelloCase one) {
        HelloReader reader = new HelloReader(HelloReader.DEFAULT_LIMIT);

        HelloProgress progress = reader.feed(ByteBuffer.wrap(one.octets()));

        switch (one.expected()) {
            case Expected.Valid(String name) ->
                assertThat(progress)
                        .isInstanceOfSatisfying(
                                HelloProgress.Complete.class,
                                complete -> assertThat(complete.facts().serverName())
                                        .hasToString(name));
            case Expected.Refused(var reason, var alert) ->
                assertThat(progress).isInstanceOfSatisfying(HelloProgress.Refused.class, refused -> {
                    assertThat(refused.reason()).isEqualTo(reason);
                    assertThat(refused.alert()).isEqualTo(alert);
                    assertThat(refused.detail()).isNotBlank().matches("[\\x20-\\x7e]*");
                });
            case Expected.Incomplete() -> assertThat(progress).isEqualTo(HelloProgress.NeedMore.INSTANCE);
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void reads_the_same_octet_by_octet(HelloCase one) {
        assertThat(inParts(one.octets(), new Random(0), 1)).isEqualTo(whole(one));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void reads_the_same_over_random_splits(HelloCase one) {
        HelloProgress whole = whole(one);
        for (int seed = 1; seed <= 20; seed++) {
            assertThat(inParts(one.octets(), new Random(seed), 300))
                    .as("seed " + seed)
                    .isEqualTo(whole);
        }
    }

    static List<HelloCase> validCases() {
        return cases().stream()
                .filter(one -> one.expected() instanceof Expected.Valid)
                .toList();
    }

    @ParameterizedTest
    @MethodSource("validCases")
    void keeps_a_valid_hello_and_what_follows_it_unchanged(HelloCase one) {
        HelloReader reader = new HelloReader(HelloReader.DEFAULT_LIMIT);
        for (byte octet : one.octets()) {
            reader.feed(ByteBuffer.wrap(new byte[] {octet}));
        }
        assertThat(reader.received()).isEqualTo(one.octets());
    }

    private static HelloProgress whole(HelloCase one) {
        return new HelloReader(HelloReader.DEFAULT_LIMIT).feed(ByteBuffer.wrap(one.octets()));
    }

    private static HelloProgress inParts(byte[] octets, Random random, int most) {
        HelloReader reader = new HelloReader(HelloReader.DEFAULT_LIMIT);
        HelloProgress progress = reader.feed(ByteBuffer.allocate(0));
        for (int at = 0; at < octets.length; ) {
            int count = Math.min(octets.length - at, 1 + random.nextInt(most));
            ByteBuffer part =
                    ByteBuffer.allocateDirect(count).put(octets, at, count).flip();
            progress = reader.feed(part);
            assertThat(part.hasRemaining()).isFalse();
            at += count;
        }
        return progress;
    }
}
