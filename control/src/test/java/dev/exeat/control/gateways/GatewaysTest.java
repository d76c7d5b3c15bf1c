package dev.exeat.control.gateways;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GatewaysTest {
    private static final Instant START = Instant.parse("2026-03-01T10:00:00Z");

    private final AtomicLong nanos = new AtomicLong(-5);
    private final AtomicInteger told = new AtomicInteger();
    private final Gateways gateways = Gateways.at(nanos::get);

    @AfterEach
    void close() {
        gateways.close();
    }

    private static GatewayReport report(String name, long version) {
        return new GatewayReport(name, "digest-" + version, version, "1.0", START);
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
        gateways.sweep();
    }

    @Test
    void knows_the_last_report_of_each_and_tells_only_of_news() {
        gateways.onChange(told::incrementAndGet);
        gateways.report(report("b", 1));
        gateways.report(report("a", 1));
        gateways.report(report("a", 1));
        assertThat(told).hasValue(2);

        gateways.report(report("a", 2));

        assertThat(told).hasValue(3);
        assertThat(gateways.known()).extracting(KnownGateway::report).containsExactly(report("a", 2), report("b", 1));
    }

    @Test
    void waits_for_live_gateways_alone() {
        assertThat(gateways.allHave(7)).isTrue();
        gateways.report(report("a", 7));
        gateways.report(report("b", 6));
        assertThat(gateways.allHave(6)).isTrue();
        assertThat(gateways.allHave(7)).isFalse();

        pass(Gateways.AWAY.minusSeconds(1));
        gateways.report(report("a", 7));
        assertThat(gateways.allHave(7)).isFalse();
        gateways.onChange(told::incrementAndGet);
        pass(Duration.ofSeconds(1));

        assertThat(told).hasValue(1);
        assertThat(gateways.allHave(7)).isTrue();
        assertThat(gateways.known()).extracting(KnownGateway::live).containsExactly(true, false);
    }

    @Test
    void forgets_what_is_silent_for_long_and_takes_it_back_when_it_reports() {
        gateways.report(report("a", 1));
        gateways.onChange(told::incrementAndGet);

        pass(Gateways.FORGOTTEN.minusNanos(1));
        assertThat(gateways.known()).hasSize(1);
        pass(Duration.ofNanos(1));
        assertThat(gateways.known()).isEmpty();
        assertThat(told).hasValue(2);

        gateways.report(report("a", 1));
        assertThat(gateways.known()).singleElement().satisfies(known -> {
            assertThat(known.live()).isTrue();
            assertThat(known.silence()).isZero();
        });
    }

    @Test
    void a_process_that_was_taken_over_from_does_not_speak_for_its_successor() {
        GatewayReport old = report("a", 5);
        GatewayReport successor = new GatewayReport("a", "d", 4, "1.1", START.plusSeconds(9));
        gateways.report(old);
        gateways.report(successor);

        assertThatThrownBy(() -> gateways.report(old))
                .isInstanceOf(ReportRefusedException.class)
                .hasMessageContaining("started later")
                .hasMessageContaining("--name");
        assertThat(gateways.known()).extracting(KnownGateway::report).containsExactly(successor);

        // One whose clock was set back before it was started again is taken once the other is silent.
        pass(Duration.ofSeconds(15));
        gateways.report(old);
        assertThat(gateways.known()).extracting(KnownGateway::report).containsExactly(old);
    }

    @Test
    void knows_a_bounded_number_and_gives_up_the_longest_away_for_another() {
        for (int i = 0; i < Gateways.MOST; i++) {
            gateways.report(report("gateway-" + i, 1));
            nanos.addAndGet(1000);
        }
        assertThatThrownBy(() -> gateways.report(report("one-more", 1)))
                .isInstanceOf(ReportRefusedException.class)
                .extracting(e -> ((ReportRefusedException) e).isFull())
                .isEqualTo(true);
        gateways.report(report("gateway-0", 2));

        pass(Gateways.AWAY);
        gateways.report(report("one-more", 1));

        assertThat(gateways.known())
                .hasSize(Gateways.MOST)
                .extracting(known -> known.report().name())
                .contains("one-more", "gateway-0")
                .doesNotContain("gateway-1");
    }

    @Test
    void gateways_of_one_machine_have_names_of_their_own() {
        String one = GatewayName.of("Node_7.example", Path.of("/data/a"));
        assertThat(one).startsWith("node-7.example-").matches("[a-z0-9.-]+");
        assertThat(GatewayName.of("Node_7.example", Path.of("/data/x/../a"))).isEqualTo(one);
        assertThat(GatewayName.of("Node_7.example", Path.of("/data/b"))).isNotEqualTo(one);
    }
}
