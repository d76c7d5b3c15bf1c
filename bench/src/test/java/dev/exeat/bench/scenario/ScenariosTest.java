package dev.exeat.bench.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.exeat.bench.result.Goal;
import dev.exeat.bench.result.Metric;
import dev.exeat.bench.result.ScenarioResult;
import dev.exeat.policy.Permit;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScenariosTest {
    @Test
    void every_scenario_has_a_name_of_its_own() {
        assertThat(Scenarios.all()).extracting(Scenario::id).doesNotHaveDuplicates();
    }

    @Test
    void every_goal_is_about_something_that_is_measured() {
        assertThat(Goal.all())
                .allSatisfy(goal -> assertThat(Scenarios.all())
                        .filteredOn(scenario -> scenario.id().equals(goal.scenario()))
                        .flatExtracting(Scenario::metrics)
                        .extracting(Metric::id)
                        .contains(goal.metric()));
    }

    @Test
    void the_order_turns_round_after_each_round() {
        List<String> all = List.of("a", "b");

        assertThat(List.of(0, 1, 2, 3, 4))
                .flatExtracting(round -> Stand.order(all, round))
                .containsExactly("a", "b", "b", "a", "b", "a", "a", "b", "a", "b");
    }

    @Test
    void a_round_that_failed_leaves_a_gap() {
        Findings findings = new Findings();
        findings.put(0, "exeat", Metric.CPU, 1);
        findings.put(2, "exeat", Metric.CPU, 3);
        findings.note("once");
        findings.note("once");

        ScenarioResult result = findings.result(Scenarios.all().getFirst());

        assertThat(result.series("exeat", "cpu").orElseThrow().values()).isEqualTo(Arrays.asList(1.0, null, 3.0));
        assertThat(result.notes()).containsExactly("once");
    }

    @Test
    void the_rules_of_the_decisions_keep_nobody_from_the_host() {
        assertThat(RuleSet.of(10).rules()).isGreaterThanOrEqualTo(10);
        assertThat(RuleSet.of(10).decide(RuleSet.allowed())).isInstanceOf(Permit.class);
    }
}
