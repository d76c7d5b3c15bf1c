package dev.exeat.bench.scenario;

import dev.exeat.bench.load.Door;
import dev.exeat.bench.load.Job;
import dev.exeat.bench.load.Outcome;
import dev.exeat.bench.result.Metric;
import java.util.List;

/** How long a client over mutual TLS waits for its first octet, with and without TCP_NODELAY on its socket. */
public record FirstOctet() implements Scenario {
    private static final Metric DELAYED = new Metric("nagle", "first octet without TCP_NODELAY", "ms", true);
    private static final Metric PROMPT = new Metric("nodelay", "first octet with TCP_NODELAY", "ms", true);
    private static final double MICROS_PER_MILLI = 1000;

    @Override
    public String id() {
        return "first-octet";
    }

    @Override
    public String title() {
        return "first octet over mutual TLS, without and with TCP_NODELAY";
    }

    @Override
    public List<Metric> metrics() {
        return List.of(DELAYED, PROMPT);
    }

    @Override
    public void run(Stand stand, Findings findings) {
        try (Started started =
                Started.start(stand, stand.subjects().with(Door.MUTUAL_TLS), Door.MUTUAL_TLS, findings)) {
            started.all().forEach(one -> stand.load(LoadScenario.warmUp(one)));
            started.all().forEach(one -> stand.load(job(stand, one, true)));
            for (int round = 0; round < stand.settings().rounds(); round++) {
                for (Started.One one : Stand.order(started.all(), round)) {
                    put(findings, round, one, DELAYED, stand.load(job(stand, one, false)));
                    put(findings, round, one, PROMPT, stand.load(job(stand, one, true)));
                }
            }
        }
    }

    private static Job job(Stand stand, Started.One one, boolean noDelay) {
        return one.running()
                .job(Job.Kind.FIRST_OCTET)
                .noDelay(noDelay)
                .lasting(stand.settings().load().toMillis());
    }

    private static void put(Findings findings, int round, Started.One one, Metric metric, Outcome outcome) {
        if (outcome.errors() > 0) {
            findings.note(one.name() + ": round " + (round + 1) + " is left out: " + outcome.firstError());
        } else {
            findings.put(round, one.name(), metric, outcome.p50() / MICROS_PER_MILLI);
        }
    }
}
