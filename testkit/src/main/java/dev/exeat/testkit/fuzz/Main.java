package dev.exeat.testkit.fuzz;

import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.random.RandomGenerator;

/**
 * Fuzzes by hand: {@code make fuzz}. Knows the targets as services ({@code META-INF/services} of each module's test
 * resources). Ends with 1 after a finding, with 2 for wrong words.
 */
public final class Main {
    private static final Duration SHOW_EVERY = Duration.ofMillis(500);

    private final Map<String, String> words;
    private final PrintStream out;
    private final boolean terminal;
    private long shown;

    private Main(Map<String, String> words, PrintStream out, boolean terminal) {
        this.words = words;
        this.out = out;
        this.terminal = terminal;
    }

    /** @param args {@code key=value} of target (all, or some by comma), inputs, seed, input (a file), findings (a folder), answers and terminal */
    public static void main(String[] args) {
        Map<String, String> words = new HashMap<>();
        for (String arg : args) {
            int equals = arg.indexOf('=');
            if (equals > 0 && equals < arg.length() - 1) {
                words.put(arg.substring(0, equals), arg.substring(equals + 1));
            }
        }
        System.exit(new Main(words, System.out, words.containsKey("terminal")).run());
    }

    private int run() {
        List<FuzzTarget> targets = new ArrayList<>();
        List<String> known = new ArrayList<>();
        String wanted = words.getOrDefault("target", "all");
        for (FuzzTarget target : ServiceLoader.load(FuzzTarget.class)) {
            known.add(target.name());
            if (wanted.equals("all") || List.of(wanted.split(",")).contains(target.name())) {
                targets.add(target);
            }
        }
        if (targets.isEmpty()) {
            out.println("fuzz: there is no target " + wanted + "; there are " + known);
            return 2;
        }
        if (words.containsKey("input")) {
            return reproduce(targets.getFirst(), Path.of(words.get("input")));
        }
        long inputs = Long.parseLong(words.getOrDefault("inputs", "1000000"));
        String given = words.get("seed");
        long seed = given == null ? RandomGenerator.getDefault().nextLong(1, Long.MAX_VALUE) : Long.parseLong(given);
        return fuzz(targets, inputs, seed);
    }

    private int reproduce(FuzzTarget target, Path file) {
        try {
            out.println(target.name() + ": no finding; the answer is: "
                    + fuzzer(target, "", 1).reproduce(file));
            return 0;
        } catch (FuzzFailure failure) {
            failure.printStackTrace(out);
            return 1;
        }
    }

    private int fuzz(List<FuzzTarget> targets, long inputs, long seed) {
        out.printf("%d inputs for each of %d targets, seed %d%n", inputs, targets.size(), seed);
        out.printf("%-14s %10s %8s %8s %9s  %s%n", "target", "inputs", "answers", "kept", "per s", "finding");
        int findings = 0;
        for (FuzzTarget target : targets) {
            try {
                FuzzRun run = fuzzer(target, target.name(), inputs).run(inputs, seed);
                line(String.format(
                        "%-14s %10d %8d %8d %9d  none",
                        run.target(), run.inputs(), run.answers().size(), run.kept(), run.perSecond()));
                if (words.containsKey("answers")) {
                    run.answers().forEach((answer, count) -> line(String.format("  %9d %s", count, printable(answer))));
                }
            } catch (FuzzFailure failure) {
                findings++;
                line(String.format(
                        "%-14s %s", target.name(), failure.reproducer().toAbsolutePath()));
                failure.printStackTrace(out);
            }
        }
        return findings == 0 ? 0 : 1;
    }

    private Fuzzer fuzzer(FuzzTarget target, String name, long inputs) {
        Path findings = Path.of(words.getOrDefault("findings", "target/fuzz"));
        return new Fuzzer(target, findings, fed -> show(name, fed, inputs));
    }

    private void show(String name, long fed, long inputs) {
        long now = System.nanoTime();
        if (terminal && now - shown > SHOW_EVERY.toNanos()) {
            shown = now;
            out.printf("\r%-14s %10d of %d\033[K", name, fed, inputs);
            out.flush();
        }
    }

    private void line(String text) {
        out.println((terminal ? "\r\033[K" : "") + text);
    }

    private static String printable(String text) {
        return text.replaceAll("[^\\x20-\\x7e]", "?");
    }
}
