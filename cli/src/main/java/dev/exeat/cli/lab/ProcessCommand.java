package dev.exeat.cli.lab;

import dev.exeat.control.lab.RunningCommand;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A program as a process of this machine. */
abstract class ProcessCommand implements RunningCommand {
    private static final long PATIENCE_SECONDS = 2;

    private final Process process;

    ProcessCommand(Process process) {
        this.process = process;
    }

    static ProcessBuilder builder(List<String> words, Map<String, String> environment, Path directory) {
        ProcessBuilder builder = new ProcessBuilder(words);
        builder.environment().clear();
        builder.environment().putAll(environment);
        return builder.directory(directory.toFile());
    }

    /** Where the shell of POSIX looks: a word without a slash on the PATH of the pod. */
    static List<String> found(List<String> words, Map<String, String> environment) throws IOException {
        String program = words.getFirst();
        if (program.indexOf('/') >= 0) {
            return words;
        }
        for (String place : environment.getOrDefault("PATH", "/usr/bin:/bin").split(":", -1)) {
            File file = new File(place, program);
            if (!place.isEmpty() && file.isFile() && file.canExecute()) {
                List<String> found = new ArrayList<>(words);
                found.set(0, file.getPath());
                return found;
            }
        }
        throw new IOException("exec: \"" + program + "\": executable file not found in $PATH");
    }

    final void onExit(Runnable listener) {
        var _ = process.onExit().thenRun(listener);
    }

    @Override
    public int await() throws InterruptedException {
        return process.waitFor();
    }

    /** Asks first, and then doesn't. */
    @Override
    public void kill() {
        if (!process.isAlive()) {
            return;
        }
        List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
        all.add(process.toHandle());
        all.forEach(ProcessHandle::destroy);
        for (ProcessHandle one : all) {
            one.onExit().orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).exceptionally(_ -> {
                one.destroyForcibly();
                return one;
            });
        }
    }
}
