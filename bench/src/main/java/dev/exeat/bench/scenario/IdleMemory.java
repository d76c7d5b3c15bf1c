package dev.exeat.bench.scenario;

import dev.exeat.bench.load.Door;
import dev.exeat.bench.load.Job;
import dev.exeat.bench.load.Outcome;
import dev.exeat.bench.result.Metric;
import dev.exeat.bench.subject.Running;
import dev.exeat.bench.subject.Subject;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * How much RAM an open and silent connection takes beyond the kernel's, in a fresh process for each round. What the
 * process needs once is not in it: before, short connections come and go, a few at a time.
 */
public record IdleMemory(String id, String title, Door door, int connections) implements Scenario {
    private static final Metric IDLE = new Metric("idle", "per idle connection", "kB", true);
    private static final Metric ALL = new Metric("rss", "in all", "MB", true);
    private static final int FEW = 8;
    private static final int OPEN_MILLIS = 120_000;
    private static final long SETTLE_MILLIS = 1000;
    private static final double KILO = 1000;
    private static final int MOST_ROUNDS = 3;

    @Override
    public List<Metric> metrics() {
        return List.of(IDLE, ALL);
    }

    @Override
    public void run(Stand stand, Findings findings) {
        for (int round = 0; round < Math.min(MOST_ROUNDS, stand.settings().rounds()); round++) {
            for (Subject subject : Stand.order(stand.subjects().with(door), round)) {
                try (Running running = stand.start(subject, door)) {
                    measure(stand, findings, round, subject.name(), running);
                } catch (IllegalStateException e) {
                    findings.note(subject.name() + " did not start: " + e.getMessage());
                }
            }
        }
    }

    private void measure(Stand stand, Findings findings, int round, String name, Running running) {
        stand.load(running.job(Job.Kind.CONNECTIONS)
                .inFlight(FEW)
                .lasting(stand.settings().load().toMillis()));
        settle();
        long before = running.residentOctets();
        Outcome outcome = hold(stand, running, connections);
        settle();
        long after = running.residentOctets();
        stand.load(running.job(Job.Kind.CLOSE));
        if (outcome.operations() == 0) {
            findings.note(name + ": no connection could be opened: " + outcome.firstError());
            return;
        }
        if (outcome.operations() < connections) {
            findings.note(
                    name + " was left with " + outcome.operations() + " open connections: " + outcome.firstError());
        }
        findings.put(round, name, IDLE, (after - before) / KILO / outcome.operations());
        findings.put(round, name, ALL, after / KILO / KILO);
    }

    private static Outcome hold(Stand stand, Running running, int count) {
        return stand.load(running.job(Job.Kind.OPEN).inFlight(count).lasting(OPEN_MILLIS));
    }

    /** Until what ends a little later has ended. */
    private static void settle() {
        try {
            TimeUnit.MILLISECONDS.sleep(SETTLE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
