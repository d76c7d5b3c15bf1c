package dev.exeat.it.faults;

import dev.exeat.it.faults.Route.Role;
import dev.exeat.testkit.Command;
import dev.exeat.testkit.CommandRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The process may open hardly more than it has open: new connections wait or fail, open tunnels don't notice. */
final class FewDescriptors implements Fault {
    private static final int SPARE = 4;

    private String before = "";

    @Override
    public String name() {
        return "few descriptors";
    }

    @Override
    public Tolerance tolerance() {
        return Tolerance.of(Role.UP);
    }

    @Override
    public boolean mayFail(Visit visit, long since) {
        return tolerance().mayFail(visit) && Fault.wasNotYetCarried(visit, since);
    }

    @Override
    public void inflict(Scene scene) throws IOException {
        long pid = scene.stand().process(Role.UP).pid();
        CommandRun run = Command.of("prlimit", "--pid", String.valueOf(pid), "--nofile", "--noheadings", "-o", "SOFT")
                .run();
        before = run.stdout().strip();
        limit(pid, String.valueOf(open(pid) + SPARE));
    }

    @Override
    public void undo(Scene scene) {
        limit(scene.stand().process(Role.UP).pid(), before);
    }

    static long open(long pid) throws IOException {
        try (var files = Files.list(Path.of("/proc", String.valueOf(pid), "fd"))) {
            return files.count();
        }
    }

    private static void limit(long pid, String soft) {
        CommandRun run = Command.of("prlimit", "--pid", String.valueOf(pid), "--nofile=" + soft + ":")
                .run();
        if (run.exitCode() != 0) {
            throw new IllegalStateException(run.toString());
        }
    }
}
