package dev.exeat.cli.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.exeat.cli.observe.Traffic.Count;
import dev.exeat.cli.observe.Traffic.Order;
import dev.exeat.cli.observe.Traffic.Row;
import dev.exeat.flow.query.Flow;
import dev.exeat.flow.query.FlowReader;
import org.junit.jupiter.api.Test;

class TrafficTest {
    private static final int WINDOW = 60;

    private final Traffic traffic = new Traffic(WINDOW);

    private static Flow flow(String id, String event, int seconds) {
        return new FlowReader().read("""
                {"version":1,"time":"2026-01-02T03:04:05Z","id":"%s","event":"%s","identity":\
                "spiffe://cluster.local/ns/default/sa/sleep","sni":"a.test","port":443,"verdict":"allowed",\
                "bytes_received":1,"bytes_sent":2,"durations_us":{"total":%d}}""".formatted(id, event, seconds * 1_000_000L));
    }

    private Count sum(long now) {
        return traffic.rows(Order.CONNECTIONS, now).stream().map(Row::count).reduce(Count.NONE, Count::plus);
    }

    @Test
    void a_connection_counts_once_when_it_begins_and_its_bytes_when_it_has_ended() {
        traffic.add(flow("a-1", "open", 0), 1_000);
        assertThat(sum(1_000)).isEqualTo(new Count(1, 0, 0));

        traffic.add(flow("a-1", "final", 10), 1_010);
        assertThat(sum(1_010)).isEqualTo(new Count(1, 0, 3));
        assertThat(sum(1_060)).isEqualTo(new Count(0, 0, 3));
        assertThat(sum(1_070)).isEqualTo(Count.NONE);
    }

    @Test
    void one_that_began_before_the_window_counts_by_its_bytes_alone() {
        traffic.add(flow("a-1", "final", WINDOW), 1_000);

        assertThat(sum(1_000)).isEqualTo(new Count(0, 0, 3));
    }

    @Test
    void one_that_nobody_heard_of_counts_when_it_began() {
        traffic.add(flow("a-1", "final", 50), 1_000);

        assertThat(sum(1_009)).isEqualTo(new Count(1, 0, 3));
        assertThat(sum(1_010)).isEqualTo(new Count(0, 0, 3));
    }

    @Test
    void one_that_lasts_longer_than_the_window_is_not_counted_again_at_its_end() {
        traffic.add(flow("a-1", "open", 0), 1_000);
        traffic.add(flow("a-1", "final", 100), 1_100);

        assertThat(sum(1_100)).isEqualTo(new Count(0, 0, 3));
    }
}
