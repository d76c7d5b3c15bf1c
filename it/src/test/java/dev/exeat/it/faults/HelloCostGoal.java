package dev.exeat.it.faults;

import dev.exeat.hello.HelloProgress;
import dev.exeat.hello.HelloReader;
import dev.exeat.testkit.ClientHelloBuilder;
import dev.exeat.testkit.HelloCase;
import dev.exeat.testkit.HelloCases;
import dev.exeat.testkit.RecordSplitter;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * G7: what one hello costs, in CPU time of its thread and in allocated octets. Fed are the table's cases, hellos of just
 * 32 KiB in many shapes, and mutations of all of them, each at once and octet by octet.
 */
record HelloCostGoal() implements Measurement {
    private static final com.sun.management.ThreadMXBean THREADS =
            (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int LARGEST = 32 * 1024;
    private static final int RECORD_HEADER = 5;
    private static final int MUTANTS_EACH = 20;
    private static final long CPU_NANOS = 50_000_000;
    private static final long ALLOCATED = 64 * 1024;

    /** The most that one input cost, and which. */
    private static final class Worst {
        private final String unit;
        private final double divisor;
        private long value = -1;
        private String input = "";

        Worst(String unit, double divisor) {
            this.unit = unit;
            this.divisor = divisor;
        }

        void offer(long cost, String name) {
            if (cost > value) {
                value = cost;
                input = name;
            }
        }

        @Override
        public String toString() {
            return "%.2f %s (%s)".formatted(value / divisor, unit, input);
        }
    }

    private record Input(String name, byte[] octets) {}

    @Override
    public String goal() {
        return "G7 cost of a hello";
    }

    @Override
    public Figure measure(Scene scene) {
        List<Input> inputs = inputs(scene.random());
        Worst cpu = new Worst("ms", 1e6);
        Worst allocated = new Worst("KiB", 1024);
        for (Input input : inputs) {
            feed(input.octets(), input.octets().length, new Worst("", 1), new Worst("", 1), "");
        }
        for (Input input : inputs) {
            feed(input.octets(), input.octets().length, cpu, allocated, input.name());
            feed(input.octets(), 1, cpu, allocated, input.name() + ", octet by octet");
        }
        return new Figure(
                cpu.value <= CPU_NANOS && allocated.value <= ALLOCATED,
                "of %d inputs up to 32 KiB, each whole and octet by octet, the most took %s of CPU and %s of memory"
                        .formatted(inputs.size(), cpu, allocated));
    }

    private static void feed(byte[] octets, int piece, Worst cpu, Worst allocated, String name) {
        ByteBuffer buffer = ByteBuffer.wrap(octets);
        long allocatedBefore = THREADS.getCurrentThreadAllocatedBytes();
        long cpuBefore = THREADS.getCurrentThreadCpuTime();
        HelloReader reader = new HelloReader(HelloReader.DEFAULT_LIMIT);
        HelloProgress progress = HelloProgress.NeedMore.INSTANCE;
        for (int at = 0; at < octets.length && progress == HelloProgress.NeedMore.INSTANCE; at += piece) {
            buffer.limit(Math.min(at + piece, octets.length)).position(at);
            progress = reader.feed(buffer);
        }
        cpu.offer(THREADS.getCurrentThreadCpuTime() - cpuBefore, name);
        allocated.offer(THREADS.getCurrentThreadAllocatedBytes() - allocatedBefore, name);
    }

    private static List<Input> inputs(SplittableRandom random) {
        List<Input> inputs = new ArrayList<>();
        for (HelloCase one : HelloCases.all()) {
            if (one.octets().length <= LARGEST) {
                inputs.add(new Input(one.toString(), one.octets()));
            }
        }
        inputs.addAll(largest());
        List<Input> mutants = new ArrayList<>();
        for (Input input : inputs) {
            for (int i = 0; i < MUTANTS_EACH; i++) {
                mutants.add(new Input("mutated: " + input.name(), mutate(input.octets(), random)));
            }
        }
        inputs.addAll(mutants);
        return inputs;
    }

    /** Hellos of just 32 KiB on the wire. */
    private static List<Input> largest() {
        List<Input> inputs = new ArrayList<>();
        for (int size : new int[] {1, 2, 7, 100, 16_384}) {
            int records = (LARGEST - 1) / (size + RECORD_HEADER) + 1;
            int message = LARGEST - records * RECORD_HEADER;
            byte[] octets = new RecordSplitter()
                    .size(size)
                    .split(ClientHelloBuilder.to("a.load.test").padTo(message).message());
            inputs.add(new Input("32 KiB in records of " + size, octets));
            inputs.add(new Input(
                    "32 KiB in records of " + size + ", the last octet missing",
                    Arrays.copyOf(octets, octets.length - 1)));
        }
        return inputs;
    }

    private static byte[] mutate(byte[] octets, SplittableRandom random) {
        byte[] mutant = octets.clone();
        for (int i = random.nextInt(1, 5); i > 0 && mutant.length > 0; i--) {
            mutant[random.nextInt(mutant.length)] = (byte) random.nextInt(256);
        }
        return mutant;
    }
}
