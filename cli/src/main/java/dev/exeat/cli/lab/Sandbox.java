package dev.exeat.cli.lab;

import dev.exeat.control.lab.CommandLine;
import dev.exeat.control.lab.PodRuntime;
import dev.exeat.control.lab.PodSandbox;
import dev.exeat.control.lab.RunningCommand;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A pod: programs of this machine, and what they find. */
final class Sandbox implements PodSandbox {
    /** What programs need to run and to trust; secrets of whoever started the lab are not among it. */
    private static final List<String> HANDED_DOWN = List.of(
            "PATH",
            "HOME",
            "USER",
            "LOGNAME",
            "SHELL",
            "LANG",
            "LC_ALL",
            "LC_CTYPE",
            "TZ",
            "TMPDIR",
            "CURL_CA_BUNDLE",
            "SSL_CERT_FILE",
            "SSL_CERT_DIR",
            "REQUESTS_CA_BUNDLE",
            "NODE_EXTRA_CA_CERTS");

    private final Inside inside;
    private final Map<String, String> environment;
    private final Runnable release;
    private final Set<ProcessCommand> running = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /**
     * What a program of the pod finds.
     *
     * @param address of the pod
     * @param directory in which it is, removed at the end
     * @param variables that it has, whatever the manifest says
     * @param entering the words before its own, which bring it into the pod
     */
    record Inside(String address, Path directory, Map<String, String> variables, List<String> entering) {
        Inside {
            variables = Map.copyOf(variables);
            entering = List.copyOf(entering);
        }
    }

    /**
     * A pod whose proxy listens already.
     *
     * @param outside variables of the process itself
     * @param release called once, at the end
     */
    Sandbox(PodRuntime.Pod pod, Inside inside, Map<String, String> outside, Runnable release) {
        this.inside = inside;
        this.release = release;
        Map<String, String> all = new HashMap<>();
        for (String name : HANDED_DOWN) {
            String value = outside.get(name);
            if (value != null) {
                all.put(name, value);
            }
        }
        all.put("HOSTNAME", pod.name());
        all.putAll(inside.variables());
        this.environment = Map.copyOf(all);
    }

    @Override
    public String address() {
        return inside.address();
    }

    @Override
    public RunningCommand run(CommandLine command) throws IOException {
        Map<String, String> variables = new HashMap<>(command.environment());
        variables.putAll(environment); // A manifest does not lead its pod around its proxy.
        if (command.terminal()) {
            variables.put("TERM", "xterm");
        }
        List<String> words = new ArrayList<>(inside.entering());
        words.addAll(ProcessCommand.found(command.words(), variables));
        ProcessCommand started = command.terminal()
                ? TerminalCommand.start(words, variables, inside.directory())
                : PipeCommand.start(words, variables, inside.directory());
        running.add(started);
        started.onExit(() -> running.remove(started));
        if (closed) {
            started.kill();
        }
        return started;
    }

    @Override
    public void close() {
        closed = true;
        running.forEach(ProcessCommand::kill);
        release.run();
        PodDirectories.remove(inside.directory());
    }
}
