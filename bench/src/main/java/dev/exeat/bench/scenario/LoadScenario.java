package dev.exeat.bench.scenario;

import dev.exeat.bench.load.Door;
import dev.exeat.bench.load.Job;
import dev.exeat.bench.load.Outcome;
import dev.exeat.bench.result.Metric;
import dev.exeat.bench.subject.Subject;
import java.util.List;

/**
 * A closed loop of the same operations, one program after the other, and the CPU time that each took for them.
 *
 * @param variants whether variants of peers take part that are only worth a look here
 */
public record LoadScenario(
        String id, String title, Door door, Job.Kind kind, int inFlight, Figures figures, boolean variants)
        implements Scenario {

    @Override
    public List<Metric> metrics() {
        return figures.metrics();
    }

    @Override
    public void run(Stand stand, Findings findings) {
        List<Subject> subjects = variants
                ? stand.subjects().withVariants(door)
                : stand.subjects().with(door);
        try (Started started = Started.start(stand, subjects, door, findings)) {
            started.all().forEach(one -> stand.load(warmUp(one)));
            started.all().forEach(one -> stand.load(job(stand, one)));
            for (int round = 0; round < stand.settings().rounds(); round++) {
                for (Started.One one : Stand.order(started.all(), round)) {
                    measure(stand, findings, round, one);
                }
            }
        }
    }

    private Job job(Stand stand, Started.One one) {
        return one.running()
                .job(kind)
                .inFlight(inFlight)
                .lasting(stand.settings().load().toMillis());
    }

    /** Many short connections, so that what is compiled while it runs has been compiled. */
    static Job warmUp(Started.One one) {
        return one.running()
                .job(Job.Kind.CONNECTIONS)
                .inFlight(8)
                .lasting(one.warmUp().toMillis());
    }

    private void measure(Stand stand, Findings findings, int round, Started.One one) {
        long before = one.running().cpuNanos();
        Outcome outcome = stand.load(job(stand, one));
        long cpu = one.running().cpuNanos() - before;
        if (outcome.errors() > 0 || outcome.operations() == 0) {
            findings.note(one.name() + ": round " + (round + 1) + " is left out, " + outcome.errors()
                    + " errors, the first: " + outcome.firstError());
            stand.say("  " + one.name() + ": " + outcome.firstError());
            return;
        }
        for (Metric metric : figures.metrics()) {
            findings.put(round, one.name(), metric, figures.of(metric, outcome, cpu));
        }
    }
}
