package dev.exeat.cli.lab;

import dev.exeat.control.lab.CommandLine;
import dev.exeat.control.lab.PodRuntime;
import dev.exeat.control.lab.PodSandbox;
import dev.exeat.control.lab.RunningCommand;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A pod that is processes of this machine. */
final class ProcessSandbox implements PodSandbox {
    private static final Logger LOG = LoggerFactory.getLogger(ProcessSandbox.class);
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

    private final InetSocketAddress proxy;
    private final Path directory;
    private final Map<String, String> environment;
    private final Runnable release;
    private final Set<ProcessCommand> running = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /**
     * A pod whose proxy listens already.
     *
     * @param directory in which its programs are, removed at the end
     * @param outside variables of the process itself
     * @param release called once, at the end
     */
    ProcessSandbox(
            PodRuntime.Pod pod,
            InetSocketAddress proxy,
            Path directory,
            Map<String, String> outside,
            Runnable release) {
        this.proxy = proxy;
        this.directory = directory;
        this.release = release;
        Map<String, String> inside = new HashMap<>();
        for (String name : HANDED_DOWN) {
            String value = outside.get(name);
            if (value != null) {
                inside.put(name, value);
            }
        }
        inside.put("HOSTNAME", pod.name());
        String url = "http://" + address() + ":" + proxy.getPort();
        inside.put("https_proxy", url);
        inside.put("HTTPS_PROXY", url);
        this.environment = Map.copyOf(inside);
    }

    @Override
    public String address() {
        return proxy.getAddress().getHostAddress();
    }

    @Override
    public RunningCommand run(CommandLine command) throws IOException {
        Map<String, String> variables = new HashMap<>(command.environment());
        variables.putAll(environment); // A manifest does not lead its pod around its proxy.
        if (command.terminal()) {
            variables.put("TERM", "xterm");
        }
        ProcessCommand started = command.terminal()
                ? TerminalCommand.start(command.words(), variables, directory)
                : PipeCommand.start(command.words(), variables, directory);
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
        try (var files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            LOG.atWarn()
                    .addKeyValue("directory", directory)
                    .addKeyValue("cause", e.toString())
                    .log("the directory of a pod stays behind");
        }
    }
}
