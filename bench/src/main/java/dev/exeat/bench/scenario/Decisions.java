package dev.exeat.bench.scenario;

import dev.exeat.bench.result.Metric;
import dev.exeat.bench.subject.ExeatGateway;
import dev.exeat.model.Attempt;
import dev.exeat.policy.Permit;
import dev.exeat.policy.Snapshot;
import java.util.ArrayList;
import java.util.List;

/** How long the policy takes to allow a connection, within this process and on one thread, as the rules grow in number. */
public record Decisions() implements Scenario {
    private static final int[] RULES = {10, 100, 1000, 10_000, 100_000};
    private static final double NANOS_PER_MICRO = 1000;

    private record Policy(Metric metric, Snapshot snapshot) {}

    @Override
    public String id() {
        return "decisions";
    }

    @Override
    public String title() {
        return "one decision of the policy, from 10 to 100,000 rules";
    }

    @Override
    public List<Metric> metrics() {
        List<Metric> metrics = new ArrayList<>();
        for (int rules : RULES) {
            metrics.add(metric(rules));
        }
        return metrics;
    }

    private static Metric metric(int rules) {
        return new Metric("rules-" + rules, rules + " rules", "µs", true);
    }

    @Override
    public void run(Stand stand, Findings findings) {
        List<Policy> policies = new ArrayList<>();
        for (int rules : RULES) {
            policies.add(new Policy(metric(rules), RuleSet.of(rules)));
        }
        long nanos = stand.settings().load().toNanos() / 2;
        policies.forEach(policy -> microsPerDecision(policy.snapshot(), nanos));
        for (int round = 0; round < stand.settings().rounds(); round++) {
            for (Policy policy : Stand.order(policies, round)) {
                findings.put(round, ExeatGateway.NAME, policy.metric(), microsPerDecision(policy.snapshot(), nanos));
            }
        }
    }

    /** @throws IllegalStateException if something is denied, because another way through the policy would be measured */
    private static double microsPerDecision(Snapshot snapshot, long nanos) {
        Attempt attempt = RuleSet.allowed();
        long began = System.nanoTime();
        long decisions = 0;
        long now = began;
        while (now - began < nanos) {
            for (int i = 0; i < 16; i++) {
                if (!(snapshot.decide(attempt) instanceof Permit)) {
                    throw new IllegalStateException("the policy of the benchmark denies");
                }
            }
            decisions += 16;
            now = System.nanoTime();
        }
        return (now - began) / NANOS_PER_MICRO / decisions;
    }
}
