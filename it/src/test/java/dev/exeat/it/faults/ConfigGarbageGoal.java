package dev.exeat.it.faults;

import dev.exeat.it.Program;
import dev.exeat.it.faults.Route.Role;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;

/**
 * G17: manifests with one random change each. Whether one is sound, {@code exeat validate} says in a process of its own.
 * Of one that is not, the gateway must tell, and its eight hosts must fare as before; where the change is a sound name
 * that another object now misses, it may refuse more, never allow more.
 */
record ConfigGarbageGoal(int files) implements Measurement {
    private static final long NOTICED_NANOS = 5_000_000_000L;

    @Override
    public String goal() {
        return "G17 config garbage";
    }

    /** What the files did, by kind. */
    private static final class Tally {
        private int sound;
        private int asBefore;
        private int refusedMore;
        private final List<String> wrong = new ArrayList<>();
    }

    @Override
    public Figure measure(Scene scene) throws Exception {
        String good = scene.policy().current().yaml();
        List<byte[]> mutants = new ArrayList<>();
        for (int i = 0; i < files; i++) {
            mutants.add(mutate(good, scene.random()));
        }
        List<Boolean> sound = validate(mutants);
        int allowed = allowed(scene);
        Tally tally = new Tally();
        for (int i = 0; i < files; i++) {
            offer(scene, mutants.get(i), sound.get(i), allowed, tally);
            Stand.write(scene.policy().file(), good);
            if (!scene.policy().confirm(NOTICED_NANOS)) {
                tally.wrong.add("the mended file is not in force");
            }
        }
        boolean alive = scene.stand().process(Role.UP).isAlive()
                && scene.stand().process(Role.GATEWAY).isAlive();
        return new Figure(
                tally.wrong.isEmpty() && alive,
                "%d mutated files: %d sound by 'exeat validate'; of the others %d left all verdicts as they were, %d had the gateway refuse more; %d taken wrongly, %s"
                                .formatted(
                                        files,
                                        tally.sound,
                                        tally.asBefore,
                                        tally.refusedMore,
                                        tally.wrong.size(),
                                        alive ? "no crash" : "a gateway crashed")
                        + (tally.wrong.isEmpty() ? "" : "\n" + String.join("\n", tally.wrong)));
    }

    private static void offer(Scene scene, byte[] mutant, boolean sound, int allowed, Tally tally) throws IOException {
        double reloads = reloads(scene);
        Files.write(scene.policy().file(), mutant);
        long deadline = System.nanoTime() + NOTICED_NANOS;
        while (reloads(scene) == reloads && System.nanoTime() < deadline) {
            LockSupport.parkNanos(5_000_000);
        }
        boolean told = scene.stand().metrics(Role.UP).sum("exeat_config_problems", "error") > 0;
        if (sound) {
            tally.sound++;
            if (told) {
                tally.wrong.add(text("sound by 'exeat validate', and refused", mutant));
            }
            return;
        }
        int now = allowed(scene);
        if (!told) {
            tally.wrong.add(text("broken, and not told", mutant));
        } else if ((now & ~allowed) != 0) {
            tally.wrong.add(
                    text("broken, and hosts are allowed that were not: " + now + ", before " + allowed, mutant));
        } else if (now == allowed) {
            tally.asBefore++;
        } else {
            tally.refusedMore++;
        }
    }

    private static String text(String what, byte[] mutant) {
        return what + ":\n" + new String(mutant, StandardCharsets.ISO_8859_1);
    }

    private static double reloads(Scene scene) {
        return scene.stand().metrics(Role.UP).sum("exeat_config_reloads_total", "");
    }

    /** A bit for each host of the model that is carried. */
    private static int allowed(Scene scene) {
        int allowed = 0;
        for (int host = 0; host < PolicyModel.HOSTS; host++) {
            allowed |= scene.visit(Route.PLAIN, PolicyModel.host(host)).delivered() ? 1 << host : 0;
        }
        return allowed;
    }

    private static List<Boolean> validate(List<byte[]> mutants) throws Exception {
        Path directory = Files.createTempDirectory("exeat-mutants");
        try (ExecutorService two = Executors.newFixedThreadPool(2)) {
            List<Future<Boolean>> verdicts = new ArrayList<>();
            for (int i = 0; i < mutants.size(); i++) {
                Path file = Files.write(directory.resolve(i + ".yaml"), mutants.get(i));
                verdicts.add(two.submit(() -> Program.exeat("validate", "-f", file.toString())
                                .timeout(Duration.ofMinutes(1))
                                .run()
                                .exitCode()
                        == 0));
            }
            List<Boolean> sound = new ArrayList<>();
            for (Future<Boolean> verdict : verdicts) {
                sound.add(verdict.get());
            }
            return sound;
        } finally {
            dev.exeat.testkit.Command.of("rm", "-rf", directory.toString()).run();
        }
    }

    private static byte[] mutate(String good, SplittableRandom random) {
        List<String> lines = new ArrayList<>(good.lines().toList());
        int line = random.nextInt(lines.size());
        String text = lines.get(line);
        int at = random.nextInt(text.length() + 1);
        switch (random.nextInt(7)) {
            case 0 -> lines.remove(line);
            case 1 -> lines.add(line, text);
            case 2 -> lines.set(line, text.substring(0, at));
            case 3 -> lines.set(line, text.substring(0, at) + (char) random.nextInt(32, 127) + text.substring(at));
            case 4 -> lines.set(line, " ".repeat(random.nextInt(1, 4)) + text);
            case 5 -> lines.set(line, text.substring(0, at) + (char) random.nextInt(128, 256) + text.substring(at));
            default -> lines.subList(line, lines.size()).clear();
        }
        return (String.join("\n", lines) + "\n").getBytes(StandardCharsets.ISO_8859_1);
    }
}
