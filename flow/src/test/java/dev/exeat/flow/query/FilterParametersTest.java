package dev.exeat.flow.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.exeat.flow.query.FlowFilter.Condition;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FilterParametersTest {
    private static FlowFilter read(List<Map.Entry<String, String>> parameters) {
        return FilterParameters.read(name -> parameters.stream()
                .filter(parameter -> parameter.getKey().equals(name))
                .map(Map.Entry::getValue)
                .toList());
    }

    @Test
    void a_filter_comes_back_as_it_was() {
        FlowFilter filter = FlowFilter.ALL
                .between(Instant.parse("2026-01-02T03:04:05.000006Z"), Instant.parse("2026-02-02T00:00:00Z"))
                .and(Condition.of(FlowField.HOST, List.of("*.example.com", "a=b!.test"), false))
                .and(Condition.of(FlowField.POLICY, List.of("0123"), false))
                .and(Condition.of(FlowField.ECH, List.of("true"), true))
                .and(Condition.of(FlowField.REASON, List.of(""), true));

        assertThat(read(FilterParameters.of(filter))).isEqualTo(filter);
    }

    @Test
    void no_parameters_are_the_filter_that_all_fit() {
        assertThat(read(List.of())).isEqualTo(FlowFilter.ALL);
        assertThat(FilterParameters.of(FlowFilter.ALL)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "where, host, where names no field",
        "where, colour=red, where names no field",
        "where, =red, where names no field",
        "since, yesterday, since is no time",
        "until, 7d, until is no time"
    })
    void refuses_what_cannot_be_meant(String name, String value, String why) {
        assertThatThrownBy(() -> read(List.of(Map.entry(name, value))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(why);
    }

    @Test
    void conditions_are_bounded() {
        assertThatThrownBy(() -> read(Collections.nCopies(65, Map.entry("where", "host=a.test"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("more than 64 conditions");
    }
}
