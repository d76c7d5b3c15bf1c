package dev.exeat.it.faults;

import dev.exeat.it.faults.Route.Role;
import dev.exeat.testkit.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * G19: a long load of which one connection in ten is hostile, with a change of the policy each minute and a fault each
 * five. What the process keeps may not grow, and it may not become slower.
 */
record SoakGoal(Duration length, int perSecond) implements Measurement {
    private static final long SAMPLE_SECONDS = 10;
    private static final long FAULT_SECONDS = 300;
    private static final double HEAP_MIB_AN_HOUR = 1;
    private static final double SLOWER = 1.2;
    private static final int SPARE_DESCRIPTORS = 16;
    private static final int SPARE_THREADS = 4;

    /**
     * What {@code up} kept at one time.
     *
     * @param seconds since the begin
     * @param heap in use after a collection, in MiB
     */
    private record Sample(double seconds, double heap, long descriptors, long threads) {}

    @Override
    public String goal() {
        return "G19 soak";
    }

    @Override
    public Figure measure(Scene scene) throws Exception {
        List<Sample> samples = new ArrayList<>();
        RecordFile records = new RecordFile(scene.stand().records(Role.UP));
        AtomicLong turn = new AtomicLong();
        long begin = System.nanoTime();
        long end = begin + length.toNanos();
        long nextFault = begin + TimeUnit.SECONDS.toNanos(FAULT_SECONDS);
        int faults = 0;
        Visits visits;
        try (Steady good = Steady.start(perSecond, () -> visit(scene, turn));
                Steady hostile = Steady.start(Math.max(1, perSecond / 9), HostileMixGoal.hostile(scene))) {
            for (long next = begin; next < end; next += TimeUnit.SECONDS.toNanos(SAMPLE_SECONDS)) {
                TimeUnit.NANOSECONDS.sleep(Math.max(0, next - System.nanoTime()));
                samples.add(sample(scene, (next - begin) / 1e9));
                records.take();
                if (samples.size() % 6 == 0) {
                    scene.policy().change();
                }
                if (next >= nextFault) {
                    inflict(fault(faults++), scene);
                    nextFault += TimeUnit.SECONDS.toNanos(FAULT_SECONDS);
                }
            }
            hostile.end();
            visits = good.end();
        }
        TimeUnit.SECONDS.sleep(1);
        records.take();
        return judge(scene, visits, samples, new Ledger(begin, end, faults, records.gaps()));
    }

    private record Ledger(long begin, long end, int faults, long gaps) {}

    private Figure judge(Scene scene, Visits visits, List<Sample> samples, Ledger ledger) {
        // The first tenth is left out: caches fill, and methods are compiled.
        List<Sample> settled = samples.subList(samples.size() / 10, samples.size());
        double slope = 3_600 * slope(settled);
        long part = (ledger.end() - ledger.begin()) / 10;
        Visits first = visits.begunBetween(ledger.begin() + part, ledger.begin() + 2 * part);
        Visits last = visits.begunBetween(ledger.end() - part, ledger.end());
        double ratio = last.firstOctet(0.99) / first.firstOctet(0.99);
        Sample from = settled.getFirst();
        Sample to = settled.getLast();
        double dropped = scene.stand().metrics(Role.UP).sum("exeat_log_dropped_total", "sink=\"records\"");
        boolean met = slope < HEAP_MIB_AN_HOUR
                && to.descriptors() <= from.descriptors() + SPARE_DESCRIPTORS
                && to.threads() <= from.threads() + SPARE_THREADS
                && ratio <= SLOWER
                && visits.failed() == 0
                && ledger.gaps() == dropped;
        return new Figure(
                met,
                ("%d min, %d connections a second, %d faults: heap after collection %.1f to %.1f MiB, slope %.2f MiB an"
                                        + " hour; descriptors %d to %d, threads %d to %d; first octet p99 %.1f ms in the second"
                                        + " tenth, %.1f in the last: %.2f times; %d of %d failed; %d numbers left out of the log,"
                                        + " %.0f counted as dropped")
                                .formatted(
                                        length.toMinutes(),
                                        perSecond,
                                        ledger.faults(),
                                        from.heap(),
                                        to.heap(),
                                        slope,
                                        from.descriptors(),
                                        to.descriptors(),
                                        from.threads(),
                                        to.threads(),
                                        first.firstOctet(0.99),
                                        last.firstOctet(0.99),
                                        ratio,
                                        visits.failed(),
                                        visits.count(),
                                        ledger.gaps(),
                                        dropped)
                        + visits.firstFailure());
    }

    /** Faults that leave the process itself alive, in turn. */
    private static Fault fault(int number) {
        return switch (number % 5) {
            case 0 -> new UpstreamDead();
            case 1 -> new LogFull();
            case 2 -> new DnsDead();
            case 3 -> new ResetStorm(500);
            default -> new Freeze(Role.UP);
        };
    }

    private static void inflict(Fault fault, Scene scene) throws Exception {
        fault.inflict(scene);
        TimeUnit.SECONDS.sleep(2);
        fault.undo(scene);
    }

    private static Visit visit(Scene scene, AtomicLong turn) {
        return turn.getAndIncrement() % 2 == 0
                ? scene.visit(Route.UP, Site.BYSTANDER.host())
                : scene.visit(Route.PLAIN, PolicyModel.host(0));
    }

    private static Sample sample(Scene scene, double seconds) throws IOException {
        long pid = scene.stand().process(Role.UP).pid();
        String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        Command.of(jcmd, String.valueOf(pid), "GC.run").run();
        Metrics metrics = scene.stand().metrics(Role.UP);
        return new Sample(
                seconds,
                metrics.sum("jvm_memory_used_bytes", "area=\"heap\"") / (1024 * 1024),
                FewDescriptors.open(pid),
                Files.readAllLines(Path.of("/proc", String.valueOf(pid), "status")).stream()
                        .filter(line -> line.startsWith("Threads:"))
                        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                        .sum());
    }

    /** Of the heap over time by least squares, in MiB a second. */
    private static double slope(List<Sample> samples) {
        double meanTime =
                samples.stream().mapToDouble(Sample::seconds).average().orElse(0);
        double meanHeap = samples.stream().mapToDouble(Sample::heap).average().orElse(0);
        double covariance = samples.stream()
                .mapToDouble(sample -> (sample.seconds() - meanTime) * (sample.heap() - meanHeap))
                .sum();
        double variance = samples.stream()
                .mapToDouble(sample -> Math.pow(sample.seconds() - meanTime, 2))
                .sum();
        return covariance / variance;
    }
}
