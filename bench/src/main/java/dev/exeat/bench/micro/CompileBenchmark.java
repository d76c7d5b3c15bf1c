package dev.exeat.bench.micro;

import dev.exeat.model.Resource;
import dev.exeat.policy.Compilation;
import dev.exeat.policy.Recompiler;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Making a policy of many rules from nothing, and following the change of one of its objects. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3)
@Measurement(iterations = 10)
@Fork(
        value = 1,
        // As the launcher starts a gateway, with a bound of its own for the heap.
        jvmArgsAppend = {"-Xms16m", "-Xmx3g", "-Xss256k", "-XX:+UseSerialGC", "-XX:+UseCompactObjectHeaders"})
public class CompileBenchmark {
    @Param
    public Shape shape = Shape.MIXER;

    @Param("100000")
    public int rules;

    private ManyRules many = new ManyRules(Shape.MIXER, 0);
    private List<Resource> resources = List.of();
    private List<Resource> changed = List.of();
    private Recompiler following = many.compiler().recompiler();
    private int edits;

    /** The heap that a policy takes, resources and what is kept for the next change included. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class Heap {
        public double octetsPerRule;
        public double octetsPerResource;
    }

    @Setup
    public void read() {
        many = new ManyRules(shape, rules);
        resources = many.resources();
        changed = resources;
        following = many.compiler().recompiler();
        following.compile(resources);
    }

    /** Reads one object again, which is no part of what is measured. */
    @Setup(Level.Iteration)
    public void edit() {
        int number = edits++ * 7919 % rules;
        Resource again = many.again(number);
        List<Resource> next = new ArrayList<>(changed);
        next.replaceAll(resource -> resource.key().equals(again.key()) ? again : resource);
        changed = next;
    }

    @Benchmark
    public Compilation compile() {
        return many.compiler().compile(resources);
    }

    @Benchmark
    public Compilation recompile() {
        return following.compile(changed);
    }

    /** How much heap is in use more, after a collection, than without; once, because JMH would sum several up. */
    @Benchmark
    @Warmup(iterations = 0)
    @Measurement(iterations = 1)
    public Object memory(Heap heap) {
        long before = used();
        Recompiler recompiler = many.compiler().recompiler();
        Compilation compilation = recompiler.compile(resources);
        heap.octetsPerRule = (double) (used() - before) / rules;
        long with = used();
        List<Resource> read = many.resources();
        heap.octetsPerResource = (double) (used() - with) / rules;
        return List.of(recompiler, compilation, read);
    }

    private static long used() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
