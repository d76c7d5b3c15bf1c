package dev.exeat.cli.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Everything that runs for the story, and its end: sites, gateway, workload proxies, files. */
final class Stage implements AutoCloseable {
    private static final Duration POLICY_LIMIT = Duration.ofSeconds(10);
    private static final Duration LOG_LIMIT = Duration.ofSeconds(10);
    static final String ACCESS_LOG = "gateway.log";

    private final Directory directory;
    private final @Nullable StandInSites sites;
    private final Shell shell;
    /** In the order of their start. */
    private final List<RunningRole> roles = new ArrayList<>();

    private Map<String, String> gateway = Map.of();

    /** @param online whether the real sites are asked */
    Stage(Path home, boolean online, Map<String, String> environment) throws IOException {
        directory = new Directory(home);
        shell = new Shell(directory.path(), cleaned(environment));
        sites = online ? null : new StandInSites(directory.resolve("sites-ca.pem"));
    }

    /** Nothing of a person's own set-up may reach the story: proxies, curl's settings, settings of Exeat. */
    private Map<String, String> cleaned(Map<String, String> environment) {
        Map<String, String> clean = new HashMap<>(environment);
        clean.keySet()
                .removeIf(name -> name.toLowerCase(Locale.ROOT).endsWith("_proxy")
                        || name.startsWith("CURL_")
                        || (name.startsWith("EXEAT_") && !name.equals("EXEAT_JAVA_OPTS")));
        clean.put("EXEAT_NO_BUILD", "1");
        clean.put("CURL_HOME", directory.path().toString());
        clean.put("PATH", directory.resolve("bin") + ":" + environment.getOrDefault("PATH", "/usr/bin:/bin"));
        return clean;
    }

    Shell shell() {
        return shell;
    }

    Path path() {
        return directory.path();
    }

    /** What makes the gateway find the stand-in sites; empty online. */
    List<String> siteOptions() {
        List<String> options = new ArrayList<>();
        if (sites != null) {
            sites.ports()
                    .forEach((site, port) -> options.add("--connect-to " + site.host() + ":443:127.0.0.1:" + port));
            options.add("--allow-address '*.wikipedia.org=127.0.0.0/8'");
        }
        return options;
    }

    Map<String, String> startGateway(String command) throws InterruptedException {
        gateway = start("up", command, directory.resolve(ACCESS_LOG), directory.resolve("gateway/ready.json"));
        return gateway;
    }

    Workload startProxy(String workload, String command) throws InterruptedException {
        Map<String, String> bound = start(
                "proxy", command, directory.resolve(workload + ".out"), directory.resolve(workload + ".ready.json"));
        String listen = bound.getOrDefault("listen", "");
        Map<String, String> curl = sites == null
                ? Map.of()
                : Map.of("CURL_CA_BUNDLE", directory.resolve("sites-ca.pem").toString());
        return new Workload(workload, listen, curl);
    }

    private Map<String, String> start(String name, String command, Path out, Path ready) throws InterruptedException {
        Path log = out.resolveSibling(
                out.getFileName().toString().replace(".log", "").replace(".out", "") + ".err");
        RunningRole role = new RunningRole(name, shell.background(command, out, log), log, ready);
        roles.add(role);
        return role.awaitReady();
    }

    GatewayProbe probe() {
        return new GatewayProbe(gateway.getOrDefault("admin", ""));
    }

    /** @return whether other policies came into force than those of the digest */
    boolean awaitPolicyChange(String before) throws InterruptedException {
        GatewayProbe probe = probe();
        return Await.until(POLICY_LIMIT, () -> {
            String now = probe.policyDigest();
            return !now.isEmpty() && !now.equals(before);
        });
    }

    /** Waits for lines in the access log: the gateway writes them off its event loops. */
    boolean awaitLogLines(int count) throws InterruptedException {
        return Await.until(LOG_LIMIT, () -> accessLog().size() >= count);
    }

    List<String> accessLog() {
        try {
            return Files.readAllLines(directory.resolve(ACCESS_LOG)).stream()
                    .filter(line -> line.contains("egress-access"))
                    .toList();
        } catch (IOException e) {
            throw new DemoException("cannot read the gateway's log: " + e, e);
        }
    }

    /** Ends what runs, the last one first, and tells how each ended. */
    List<CommandResult> endRoles() throws InterruptedException {
        List<CommandResult> results = new ArrayList<>();
        for (RunningRole role : roles.reversed()) {
            results.add(role.end());
        }
        roles.clear();
        return results;
    }

    @Override
    public void close() {
        // A person who interrupts must not leave processes behind, nor by interrupting again.
        boolean interrupted = Thread.interrupted();
        try {
            endRoles();
        } catch (InterruptedException e) {
            interrupted = true;
        } finally {
            roles.forEach(RunningRole::kill);
            if (sites != null) {
                sites.close();
            }
            directory.close();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
