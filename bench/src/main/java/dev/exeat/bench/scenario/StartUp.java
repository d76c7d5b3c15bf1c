package dev.exeat.bench.scenario;

import dev.exeat.bench.load.Door;
import dev.exeat.bench.result.Metric;
import dev.exeat.bench.subject.Running;
import dev.exeat.bench.subject.Subject;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * From the start of a process to the first connection that it accepts, the CPU time that took on all cores, and the RAM
 * that the process holds a second later. Nothing else runs meanwhile, so programs are not kept to one core.
 */
public record StartUp() implements Scenario {
    private static final Metric ACCEPT = new Metric("accept", "start to first accept", "ms", true);
    private static final Metric CPU = new Metric("cpu", "CPU time until then", "ms", true);
    private static final Metric RSS = new Metric("rss", "RAM after a second", "MB", true);
    private static final double MEGA = 1e6;
    private static final double NANOS_PER_MILLI = 1e6;

    @Override
    public String id() {
        return "start";
    }

    @Override
    public String title() {
        return "start of a gateway for mutual TLS, of a workload proxy behind exeat-chain";
    }

    @Override
    public List<Metric> metrics() {
        return List.of(ACCEPT, CPU, RSS);
    }

    @Override
    public void run(Stand stand, Findings findings) {
        for (int round = 0; round < stand.settings().rounds(); round++) {
            for (Subject subject : Stand.order(stand.subjects().all(), round)) {
                Door door = subject.has(Door.MUTUAL_TLS)
                        ? Door.MUTUAL_TLS
                        : subject.has(Door.CONNECT) ? Door.CONNECT : Door.PLAIN;
                measure(stand, findings, round, subject, door);
            }
        }
    }

    private static void measure(Stand stand, Findings findings, int round, Subject subject, Door door) {
        try (Running running = stand.startAnywhere(subject, door)) {
            double cpu = running.programs().getLast().cpuNanos() / NANOS_PER_MILLI;
            findings.put(round, subject.name(), CPU, cpu);
            findings.put(round, subject.name(), ACCEPT, running.startUp().toNanos() / NANOS_PER_MILLI);
            TimeUnit.SECONDS.sleep(1);
            findings.put(
                    round, subject.name(), RSS, running.programs().getLast().residentOctets() / MEGA);
        } catch (IllegalStateException e) {
            findings.note(subject.name() + " did not start: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
