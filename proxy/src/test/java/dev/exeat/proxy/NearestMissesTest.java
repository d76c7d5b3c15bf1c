package dev.exeat.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.exeat.flow.ConnectionRecord;
import dev.exeat.flow.ConnectionRecord.Durations;
import dev.exeat.flow.ConnectionRecord.Event;
import dev.exeat.flow.ConnectionRecord.Names;
import dev.exeat.flow.ConnectionRecord.Route;
import dev.exeat.flow.ConnectionRecord.Ruling;
import dev.exeat.flow.ConnectionRecord.Source;
import dev.exeat.flow.ConnectionRecord.Traffic;
import dev.exeat.flow.ConnectionRecord.Verdict;
import dev.exeat.model.Reason;
import dev.exeat.model.RegistryMode;
import dev.exeat.policy.Denial;
import dev.exeat.policy.Snapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class NearestMissesTest {
    private static final Snapshot NOTHING_KNOWN = Policies.of(RegistryMode.REGISTRY_ONLY);

    private final BlockingQueue<ConnectionRecord> done = new LinkedBlockingQueue<>();
    private final AtomicLong time = new AtomicLong();
    private final AtomicLong perLook = new AtomicLong();

    /** Each look at the clock costs {@link #perLook}. */
    private final NearestMisses misses = new NearestMisses(() -> time.getAndAdd(perLook.get()));

    private ConnectionRecord complete(String host) throws InterruptedException {
        give(host);
        return done.poll(10, TimeUnit.SECONDS);
    }

    private void give(String host) {
        Denial denial = (Denial) NOTHING_KNOWN.decide(Policies.attempt(host));
        misses.complete(new NearestMisses.Denied(record(denial), denial, NOTHING_KNOWN, done::add));
    }

    private static ConnectionRecord record(Denial denial) {
        return new ConnectionRecord(
                "id",
                Instant.EPOCH,
                Event.FINAL,
                "plain",
                "plain",
                new Source(null, "192.0.2.1", 1),
                new Names(null, null, 443),
                new Route(List.of(), List.of(), List.of(), null),
                new Ruling(Verdict.DENIED, null, Reason.HOST_UNKNOWN, denial.message(), null, denial.digest()),
                null,
                null,
                new Traffic(0, 0, ""),
                new Durations(-1, -1, -1, -1, -1, 0));
    }

    @Test
    void the_record_of_a_denied_connection_says_what_nearly_let_it_pass() throws Exception {
        ConnectionRecord record = complete("a.test");

        assertThat(record.ruling().nearestMiss()).isEqualTo(NOTHING_KNOWN.nearestMiss(Policies.attempt("a.test")));
        assertThat(record.ruling().nearestMiss()).isNotEmpty();
        assertThat(record.ruling().message()).isNotEmpty();
        assertThat(misses.skipped()).isZero();
    }

    @Test
    void looks_no_longer_than_its_part_of_a_second_and_remembers_what_it_found() throws Exception {
        perLook.set(NearestMisses.WORK.toNanos());
        assertThat(complete("a.test").ruling().nearestMiss()).isNotEmpty();
        perLook.set(0);

        assertThat(complete("b.test").ruling().nearestMiss()).isEmpty();
        assertThat(misses.skipped()).isOne();
        assertThat(complete("a.test").ruling().nearestMiss()).isNotEmpty();

        time.addAndGet(NearestMisses.PERIOD.toNanos());
        assertThat(complete("b.test").ruling().nearestMiss()).isNotEmpty();
        assertThat(misses.skipped()).isOne();
    }

    @Test
    void a_look_that_took_long_is_paid_for_in_the_periods_that_follow() throws Exception {
        perLook.set(NearestMisses.WORK.multipliedBy(10).toNanos());
        assertThat(complete("a.test").ruling().nearestMiss()).isNotEmpty();
        perLook.set(0);

        time.addAndGet(NearestMisses.PERIOD.toNanos());
        assertThat(complete("b.test").ruling().nearestMiss()).isEmpty();
        time.addAndGet(NearestMisses.PERIOD.multipliedBy(9).toNanos());
        assertThat(complete("b.test").ruling().nearestMiss()).isNotEmpty();
    }

    @Test
    void nothing_is_lost_when_it_closes_or_is_closed() {
        for (int i = 0; i < 1000; i++) {
            give("h" + i + ".test");
        }
        misses.close();
        give("late.test");

        assertThat(done).hasSize(1001);
        assertThat(misses.skipped()).isPositive();
    }

    @Test
    void a_flood_does_not_make_its_caller_wait() {
        perLook.set(Duration.ofMillis(1).toNanos());
        for (int i = 0; i < 20_000; i++) {
            give("h" + i + ".test");
        }
        misses.close();

        assertThat(done).hasSize(20_000);
    }
}
