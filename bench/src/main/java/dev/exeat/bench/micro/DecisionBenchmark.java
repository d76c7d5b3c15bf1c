package dev.exeat.bench.micro;

import dev.exeat.model.Attempt;
import dev.exeat.policy.Decision;
import dev.exeat.policy.Snapshot;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** One decision, each time about another of a thousand clients, by the shape of the rules and their number. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "-Xmx3g")
public class DecisionBenchmark {
    @Param
    public Shape shape = Shape.MIXER;

    @Param({"10", "1000", "100000"})
    public int rules;

    private Attempt[] attempts = {};
    private int next;
    private Snapshot snapshot = new ManyRules(Shape.MIXER, 0)
            .compiler()
            .compile(java.util.List.of())
            .snapshot();

    @Setup
    public void compile() {
        ManyRules many = new ManyRules(shape, rules);
        snapshot = many.compiler().compile(many.resources()).snapshot();
        attempts = many.attempts();
    }

    @Benchmark
    public Decision decide() {
        next = (next + 1) & (attempts.length - 1);
        return snapshot.decide(attempts[next]);
    }
}
