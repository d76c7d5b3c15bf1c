package dev.exeat.flow.store;

import static dev.exeat.flow.store.Entries.TIME;
import static dev.exeat.flow.store.Entries.at;
import static dev.exeat.flow.store.Entries.denied;
import static dev.exeat.flow.store.Entries.ended;
import static dev.exeat.flow.store.Entries.minutes;
import static dev.exeat.flow.store.Entries.open;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SqliteSumsTest extends SqliteFile {
    private static final Instant MINUTE = Instant.parse("2026-01-02T03:04:00Z");

    @Test
    void sums_what_ended_in_a_minute() {
        table.append(List.of(open("a-9", "a.test"), ended("a-1", "a.test"), denied("a-2", "b.test")));
        table.append(List.of(ended("a-3", "a.test")));

        List<MinuteSum> sums = minutes(history, MINUTE, MINUTE.plusSeconds(60));

        assertThat(sums)
                .extracting(
                        sum -> sum.group().host(),
                        sum -> sum.group().verdict(),
                        MinuteSum::count,
                        MinuteSum::received,
                        MinuteSum::sent)
                .containsExactlyInAnyOrder(
                        tuple("a.test", "allowed", 2L, 20L, 40L), tuple("b.test", "denied", 1L, 0L, 0L));
        assertThat(sums).allSatisfy(sum -> assertThat(sum.minute()).isEqualTo(MINUTE));
        assertThat(minutes(history, MINUTE.plusSeconds(60), MINUTE.plusSeconds(120)))
                .isEmpty();
    }

    @Test
    void a_minute_tells_only_so_many_hosts_apart() {
        List<Entry> many = new ArrayList<>();
        for (int i = 0; i < 5_010; i++) {
            many.add(denied("a-" + i, "h" + i + ".test"));
        }
        table.append(many);

        List<MinuteSum> sums = minutes(history, MINUTE, MINUTE.plusSeconds(60));

        assertThat(sums).hasSize(5_001);
        assertThat(sums)
                .filteredOn(sum -> sum.group().host().equals(MinuteSum.OTHER))
                .singleElement()
                .satisfies(sum -> assertThat(sum.count()).isEqualTo(10));
    }

    @Test
    void sums_come_in_parts_each_once_the_oldest_first() {
        List<Entry> many = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            many.add(at("a-" + i, TIME.plusSeconds(60L * i)));
        }
        table.append(many);

        List<MinuteSum> sums = minutes(history, MINUTE.plusSeconds(60), MINUTE.plusSeconds(60 * 9_999));

        assertThat(sums)
                .extracting(MinuteSum::minute)
                .containsExactlyElementsOf(Stream.iterate(MINUTE.plusSeconds(60), minute -> minute.plusSeconds(60))
                        .limit(9_998)
                        .toList());
    }

    @Test
    void a_visitor_of_sums_that_has_enough_ends_the_reading() {
        table.append(List.of(ended("a-1", "a.test"), ended("a-2", "b.test")));
        List<MinuteSum> seen = new ArrayList<>();

        history.minutes(MINUTE, MINUTE.plusSeconds(60), sum -> !seen.add(sum));

        assertThat(seen).hasSize(1);
    }

    @Test
    void a_visitor_of_sums_keeps_nothing_of_the_file_waiting() {
        List<Entry> many = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            many.add(denied("a-" + i, "h" + i + ".test"));
        }
        table.append(many);

        history.minutes(MINUTE, MINUTE.plusSeconds(60), _ -> {
            assertThat(isLogTaken()).isTrue();
            return false;
        });
    }
}
