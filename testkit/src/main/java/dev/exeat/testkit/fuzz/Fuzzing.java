package dev.exeat.testkit.fuzz;

import java.nio.file.Path;
import java.util.random.RandomGenerator;

/** How unit tests fuzz: some thousand inputs that are always the same, then some that never were. */
public final class Fuzzing {
    private static final long FIXED_SEED = 20_261_127;
    private static final Path FINDINGS = Path.of("target", "fuzz");

    private Fuzzing() {}

    /**
     * Feeds the target's seeds and so many inputs, half of them from a fresh seed number, which is printed.
     *
     * @return what the fixed half did, for a test that wants a spread of answers
     * @throws FuzzFailure at the first finding
     */
    public static FuzzRun briefly(FuzzTarget target, int inputs) {
        long fresh = RandomGenerator.getDefault().nextLong(1, Long.MAX_VALUE);
        System.out.println("fuzz " + target.name() + ": seeds " + FIXED_SEED + " and " + fresh);
        Fuzzer fuzzer = new Fuzzer(target, FINDINGS, fed -> {});
        FuzzRun run = fuzzer.run(inputs / 2, FIXED_SEED);
        fuzzer.run(inputs / 2, fresh);
        return run;
    }
}
