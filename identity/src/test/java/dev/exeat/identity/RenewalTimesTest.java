package dev.exeat.identity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.exeat.testkit.Case;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RenewalTimesTest {
    private static final Instant START = Instant.parse("2026-11-23T10:00:00Z");

    private static RenewalTimes life(Duration life) {
        return new RenewalTimes(START, START.plus(life));
    }

    @Test
    void is_due_at_about_two_thirds_of_the_life() {
        RenewalTimes day = life(Duration.ofHours(24));

        assertThat(day.due(0.5)).isEqualTo(START.plus(Duration.ofHours(16)));
        assertThat(day.due(0)).isBetween(START.plus(Duration.ofHours(14)), START.plus(Duration.ofHours(15)));
        assertThat(day.due(1)).isBetween(START.plus(Duration.ofHours(17)), START.plus(Duration.ofHours(18)));
        assertThat(life(Duration.ofMinutes(1)).due(1))
                .isBefore(life(Duration.ofMinutes(1)).alarm());
    }

    @Test
    @Case("C14")
    void alarms_at_four_fifths() {
        assertThat(life(Duration.ofHours(10)).alarm()).isEqualTo(START.plus(Duration.ofHours(8)));
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "2, 2", "3, 4", "6, 32", "7, 60", "1000, 60"})
    void waits_longer_after_each_failure(int failures, int seconds) {
        Duration longest = life(Duration.ofHours(24)).retry(failures, 1);

        assertThat(longest).isEqualTo(Duration.ofSeconds(seconds));
        assertThat(life(Duration.ofHours(24)).retry(failures, 0)).isEqualTo(longest.dividedBy(2));
    }

    @Test
    void hurries_when_the_life_is_short_or_over() {
        assertThat(life(Duration.ofMinutes(1)).retry(1000, 1)).isEqualTo(Duration.ofSeconds(3));
        assertThat(life(Duration.ofSeconds(-5)).retry(1000, 1)).isEqualTo(Duration.ofSeconds(1));
        assertThat(life(Duration.ofSeconds(-5)).due(1)).isEqualTo(START);
    }
}
