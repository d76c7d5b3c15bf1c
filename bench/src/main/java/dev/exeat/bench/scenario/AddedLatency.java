package dev.exeat.bench.scenario;

import dev.exeat.bench.load.Door;
import dev.exeat.bench.load.Job;
import dev.exeat.bench.load.Outcome;
import dev.exeat.bench.result.Metric;
import dev.exeat.bench.subject.Direct;
import dev.exeat.bench.subject.Subject;
import java.util.ArrayList;
import java.util.List;

/**
 * An open loop of connections at a fixed rate: the time from connect to the first answer, less what it takes without a
 * program between in the same round.
 */
public record AddedLatency(int perSecond) implements Scenario {
    /** By then most starts of an open loop are late for reasons of the client, and its figures are the client's. */
    private static final double TOO_LATE_MICROS = 1000;

    private record Measured(String name, Outcome outcome) {}

    @Override
    public String id() {
        return "latency-" + perSecond;
    }

    @Override
    public String title() {
        return "added latency at " + perSecond + " connections per second";
    }

    @Override
    public List<Metric> metrics() {
        return List.of(Metric.ADDED_P50, Metric.ADDED_P99, Metric.P50, Metric.P99);
    }

    @Override
    public void run(Stand stand, Findings findings) {
        List<Subject> subjects = new ArrayList<>(stand.subjects().with(Door.PLAIN));
        subjects.add(new Direct());
        try (Started started = Started.start(stand, subjects, Door.PLAIN, findings)) {
            started.all().forEach(one -> stand.load(LoadScenario.warmUp(one)));
            for (int round = 0; round < stand.settings().rounds(); round++) {
                List<Measured> measured = new ArrayList<>();
                for (Started.One one : Stand.order(started.all(), round)) {
                    measured.add(new Measured(one.name(), stand.load(job(stand, one))));
                }
                put(findings, round, measured);
            }
        }
    }

    private Job job(Stand stand, Started.One one) {
        return one.running()
                .job(Job.Kind.RATE)
                .perSecond(perSecond)
                .lasting(stand.settings().load().toMillis());
    }

    private static void put(Findings findings, int round, List<Measured> measured) {
        Outcome direct = measured.stream()
                .filter(one -> one.name().equals(Direct.NAME))
                .findFirst()
                .orElseThrow()
                .outcome();
        for (Measured one : measured) {
            Outcome outcome = one.outcome();
            if (outcome.errors() > 0) {
                findings.note(one.name() + ": round " + (round + 1) + " is left out: " + outcome.firstError());
                continue;
            }
            if (outcome.late() > TOO_LATE_MICROS) {
                findings.note("In single rounds the client began 1 % of its connections over 1 ms late.");
            }
            findings.put(round, one.name(), Metric.P50, outcome.p50());
            findings.put(round, one.name(), Metric.P99, outcome.p99());
            if (!one.name().equals(Direct.NAME)) {
                findings.put(round, one.name(), Metric.ADDED_P50, outcome.p50() - direct.p50());
                findings.put(round, one.name(), Metric.ADDED_P99, outcome.p99() - direct.p99());
            }
        }
    }
}
