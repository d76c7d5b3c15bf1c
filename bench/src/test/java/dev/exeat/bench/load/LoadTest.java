package dev.exeat.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.exeat.bench.upstream.Upstream;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The load against the upstream itself, with nothing between. */
class LoadTest {
    private static final Path NONE = Path.of("none");

    private Upstream upstream;
    private Load load;

    @BeforeEach
    void start() {
        upstream = Upstream.start();
        load = new Load(new Credentials(NONE, NONE, NONE));
    }

    @AfterEach
    void stop() {
        load.close();
        upstream.close();
    }

    private Job job(Job.Kind kind) {
        return Job.of(kind, Door.PLAIN, upstream.port(), "").inFlight(4).lasting(100);
    }

    @Test
    void whole_connections_are_counted() throws Exception {
        Outcome outcome = load.run(job(Job.Kind.CONNECTIONS));

        assertThat(outcome.errors()).isZero();
        assertThat(outcome.operations()).isGreaterThanOrEqualTo(4);
        assertThat(outcome.p50()).isPositive().isLessThanOrEqualTo(outcome.p99());
        assertThat(outcome.nanos()).isGreaterThanOrEqualTo(100_000_000);
    }

    @Test
    void pings_go_over_connections_that_stay_open() throws Exception {
        Outcome outcome = load.run(job(Job.Kind.PINGS));

        assertThat(outcome.errors()).isZero();
        assertThat(outcome.operations()).isGreaterThan(4);
    }

    @Test
    void bulk_counts_octets() throws Exception {
        Outcome outcome = load.run(job(Job.Kind.BULK));

        assertThat(outcome.errors()).isZero();
        assertThat(outcome.operations()).isEqualTo(4);
        assertThat(outcome.octets()).isGreaterThan(1_000_000);
    }

    @Test
    void a_rate_is_kept() throws Exception {
        Outcome outcome = load.run(job(Job.Kind.RATE).perSecond(200));

        assertThat(outcome.errors()).isZero();
        assertThat(outcome.operations()).isBetween(19L, 20L);
    }

    @Test
    void connections_are_held_until_they_are_let_go() throws Exception {
        Outcome outcome = load.run(job(Job.Kind.OPEN).inFlight(50).lasting(10_000));

        assertThat(outcome.operations()).isEqualTo(50);
        assertThat(load.run(job(Job.Kind.CLOSE)).errors()).isZero();
    }

    @Test
    void a_refused_connection_is_an_error_and_no_operation() throws Exception {
        upstream.close();

        Outcome outcome = load.run(job(Job.Kind.CONNECTIONS));

        assertThat(outcome.operations()).isZero();
        assertThat(outcome.errors()).isPositive();
        assertThat(outcome.firstError()).contains("refused");
    }

    @Test
    void quantiles_are_samples_by_nearest_rank() {
        Samples samples = new Samples();
        for (int i = 100; i > 0; i--) {
            samples.add(i * 1000L);
        }

        assertThat(samples.quantileMicros(0.5)).isEqualTo(50);
        assertThat(samples.quantileMicros(0.99)).isEqualTo(99);
        assertThat(samples.quantileMicros(1)).isEqualTo(100);
        assertThat(new Samples().quantileMicros(0.5)).isZero();
    }
}
