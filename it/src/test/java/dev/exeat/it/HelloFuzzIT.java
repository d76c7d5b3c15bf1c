package dev.exeat.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.exeat.testkit.Delivery;
import dev.exeat.testkit.HelloCase;
import dev.exeat.testkit.HelloCases;
import dev.exeat.testkit.HelloOracle;
import dev.exeat.testkit.HostileClient;
import dev.exeat.testkit.Received;
import dev.exeat.testkit.fuzz.Mutator;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real gateway and some hundred mutated hellos: nothing reaches the upstream that the strict oracle forbids. */
class HelloFuzzIT {
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final int LARGEST = 64 * 1024;

    @TempDir
    private Path directory;

    private Rig rig;

    @BeforeEach
    void start() throws Exception {
        rig = Rig.start(directory);
    }

    @AfterEach
    void stop() {
        rig.close();
    }

    @Test
    void forwards_nothing_that_the_oracle_forbids_and_changes_nothing() {
        List<byte[]> corpus = new ArrayList<>();
        for (HelloCase one : HelloCases.all()) {
            if (one.octets().length < 4_096) {
                corpus.add(one.octets());
            }
        }
        long fresh = RandomGenerator.getDefault().nextLong(1, Long.MAX_VALUE);
        System.out.println("mutated hellos: seeds 1 and " + fresh);
        int forwarded = 0;
        for (long seed : new long[] {1, fresh}) {
            Mutator mutator = Mutator.of(seed, corpus);
            for (int i = 0; i < 125; i++) {
                byte[] seedOctets = mutator.oneIn(3) ? HelloCases.of("N01").octets() : mutator.pick(corpus);
                forwarded += judged(mutator.oneIn(8) ? seedOctets : mutator.mutate(seedOctets)) ? 1 : 0;
            }
        }
        assertThat(forwarded).isBetween(12, 238);
    }

    /** Whether it was forwarded, as it may be. */
    private boolean judged(byte[] input) {
        String verdict = HelloOracle.judge(input, LARGEST);
        String name = verdict.startsWith("valid ") ? verdict.split(" ")[1].toLowerCase(Locale.ROOT) : "";
        int before = rig.reached();
        try (HostileClient client = HostileClient.plain(rig.gateway.address("plain"))) {
            client.send(input, Delivery.whole().ending(Delivery.Ending.HALF_CLOSE))
                    .outcome(LIMIT);
        }
        String what = verdict + ": " + HexFormat.of().formatHex(input);
        // What follows a hello may break the rules of what follows one.
        if (name.equals(HelloCases.ALLOWED) && verdict.endsWith("end=" + input.length)) {
            await().atMost(LIMIT)
                    .untilAsserted(() -> assertThat(rig.reached()).as(what).isGreaterThan(before));
        }
        List<Received> reached = rig.upstream.received().subList(before, rig.reached());
        if (reached.isEmpty()) {
            return false;
        }
        assertThat(reached).as(what).hasSize(1);
        assertThat(verdict).as(what).startsWith("valid ");
        assertThat(name).as(what).isNotEqualTo(HelloCases.DENIED).endsWith(".test");
        int end = Integer.parseInt(verdict.substring(verdict.lastIndexOf('=') + 1));
        await().atMost(LIMIT)
                .until(() ->
                        reached.getFirst().count() >= end || reached.getFirst().ended());
        byte[] octets = reached.getFirst().octets();
        assertThat(octets).as(what).isEqualTo(Arrays.copyOf(input, octets.length));
        return true;
    }
}
