package dev.exeat.it;

import dev.exeat.testkit.Command;
import dev.exeat.testkit.CommandRun;
import dev.exeat.testkit.TestPki;
import dev.exeat.testkit.TlsSite;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/**
 * A small mesh of real programs: {@code exeat up} with its authority, workload proxies with identities of their own, and
 * one real HTTPS site on loopback that stands for all of Wikipedia's.
 */
final class Mesh implements AutoCloseable {
    static final List<String> SITES = List.of("en", "de", "es", "fr");
    static final List<String> ACCOUNTS = List.of("sleep", "sleep-us", "sleep-canada");
    private static final ObjectMapper JSON = new ObjectMapper();

    final Path directory;
    final TestPki pki;
    final TlsSite site;
    final Program.Running gateway;
    private final Map<String, Program.Running> proxies = new LinkedHashMap<>();

    private Mesh(Path directory, TestPki pki, TlsSite site, Program.Running gateway) {
        this.directory = directory;
        this.pki = pki;
        this.site = site;
        this.gateway = gateway;
    }

    /** @param flags of {@code exeat up} beside those for directories, addresses and the site */
    static Mesh start(Path directory, String... flags) {
        TestPki pki = TestPki.create("sites");
        pki.writeRoot(directory.resolve("root.pem"));
        TlsSite site = TlsSite.start(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                pki,
                List.of("*.wikipedia.org", "*.elsewhere.test"),
                Map.of("/page", "<title>a page</title>\n"));
        copy(Path.of("..", "samples", "wikipedia", "serviceentry.yaml"), directory.resolve("manifests/hosts.yaml"));
        for (String account : ACCOUNTS) {
            Program.write(directory.resolve("manifests/" + account + ".yaml"), """
                    apiVersion: v1
                    kind: ServiceAccount
                    metadata:
                      name: %s
                      namespace: default
                    """.formatted(account));
        }
        List<String> arguments = new ArrayList<>(List.of(
                "up",
                "--data-dir",
                directory.resolve("data").toString(),
                "--manifests",
                directory.resolve("manifests").toString(),
                "--compat",
                "mixer",
                "--tunnel",
                "127.0.0.1:0",
                "--plain",
                "127.0.0.1:0",
                "--api",
                "127.0.0.1:0",
                "--admin",
                "127.0.0.1:0",
                "--record-log",
                directory.resolve("records.jsonl").toString()));
        arguments.addAll(toTheSite(site));
        arguments.addAll(List.of(flags));
        return new Mesh(directory, pki, site, Program.start(arguments.toArray(String[]::new)));
    }

    private static List<String> toTheSite(TlsSite site) {
        return List.of(
                "--connect-to",
                "*.wikipedia.org:443:127.0.0.1:" + site.port(),
                "--allow-address",
                "*.wikipedia.org=127.0.0.1/32");
    }

    /** Another role of the same mesh, with its manifests and its way to the site, on free ports. */
    Program.Running another(String role, String... flags) {
        List<String> arguments = new ArrayList<>(List.of(
                role, "--manifests", manifests().toString(), "--tunnel", "127.0.0.1:0", "--admin", "127.0.0.1:0"));
        arguments.addAll(toTheSite(site));
        arguments.addAll(List.of(flags));
        return Program.start(arguments.toArray(String[]::new));
    }

    /** Where certificates come from, for a role or a command that shows this token. */
    private List<String> enrolment(Path token) {
        return List.of(
                "--server",
                "https://" + gateway.at("api"),
                "--ca-file",
                data().resolve("bundle.pem").toString(),
                "--token-file",
                token.toString());
    }

    Path manifests() {
        return directory.resolve("manifests");
    }

    /** Puts a file in force, as cp does, and waits until the gateway says that it decides by another policy. */
    void apply(Path sample) {
        String before = digest();
        copy(sample, manifests().resolve(sample.getFileName()));
        awaitOtherDigest(before);
    }

    void withdraw(String file) throws IOException {
        String before = digest();
        Files.delete(manifests().resolve(file));
        awaitOtherDigest(before);
    }

    void awaitOtherDigest(String before) {
        org.awaitility.Awaitility.await()
                .atMost(10, TimeUnit.SECONDS)
                .pollInterval(5, TimeUnit.MILLISECONDS)
                .until(() -> !digest().equals(before));
    }

    /** The digest of the policy in force. */
    String digest() {
        return metrics(gateway)
                .lines()
                .filter(line -> line.startsWith("exeat_policy_info{"))
                .findFirst()
                .orElseThrow();
    }

    static String metrics(Program.Running role) {
        return get(role, "/metrics").stdout();
    }

    static CommandRun get(Program.Running role, String path) {
        return CommandRun.of("curl", "-sS", "-w", "\n%{http_code}", "http://" + role.at("admin") + path);
    }

    /** The bearer token of a service account. */
    Path token(String account, String namespace) {
        Path file = directory.resolve(account + ".token");
        if (!Files.exists(file)) {
            CommandRun run = Program.exeat("token", "create", account, "-n", namespace, "--data-dir", data().toString())
                    .run();
            Program.write(file, run.stdout());
        }
        return file;
    }

    Path data() {
        return directory.resolve("data");
    }

    /** The workload proxy of a service account, started once. */
    Program.Running proxy(String account, String... flags) {
        return proxies.computeIfAbsent(account, name -> startProxy(name, gateway.at("tunnel"), flags));
    }

    Program.Running startProxy(String account, String gateways, String... flags) {
        List<String> arguments = new ArrayList<>(
                List.of("proxy", "--gateway", gateways, "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0"));
        arguments.addAll(enrolment(token(account, "default")));
        arguments.addAll(List.of(flags));
        return Program.start(arguments.toArray(String[]::new));
    }

    /** An SVID of a service account in files, with its key and the bundle. */
    Path svid(String account) {
        return svid(account, "default");
    }

    Path svid(String account, String namespace) {
        Path out = directory.resolve("svid-" + account);
        if (!Files.exists(out)) {
            List<String> words = new ArrayList<>(List.of("svid", "fetch", "--out", out.toString()));
            words.addAll(enrolment(token(account, namespace)));
            CommandRun run = Program.exeat(words.toArray(String[]::new)).run();
            if (run.exitCode() != 0) {
                throw new IllegalStateException(run.toString());
            }
        }
        return out;
    }

    /** The flags of a role that gets its certificate here. */
    String[] enrolmentOf(String account, String namespace) {
        return enrolment(token(account, namespace)).toArray(String[]::new);
    }

    /** curl that trusts the site, with these words. */
    Command curl(String... words) {
        List<String> all = new ArrayList<>(List.of(
                "curl",
                "-sS",
                "--max-time",
                "60",
                "--cacert",
                directory.resolve("root.pem").toString()));
        all.addAll(List.of(words));
        return Command.of(all);
    }

    /** curl through the proxy of a service account. */
    CommandRun curlAs(String account, String... words) {
        return curl(words)
                .env("https_proxy", "http://" + proxy(account).at("listen"))
                .run();
    }

    List<JsonNode> records() {
        try {
            Path file = directory.resolve("records.jsonl");
            return Files.exists(file)
                    ? Files.readAllLines(file).stream().map(JSON::readTree).toList()
                    : List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The first record of a connection to this host, once it is there. */
    JsonNode recordOf(String host) {
        org.awaitility.Awaitility.await()
                .atMost(10, TimeUnit.SECONDS)
                .until(() -> recordsOf(host).findAny().isPresent());
        return recordsOf(host).findFirst().orElseThrow();
    }

    private Stream<JsonNode> recordsOf(String host) {
        return records().stream()
                .filter(record -> record.path("connect_name").asString("").equals(host)
                        || record.path("sni").asString("").equals(host));
    }

    static void copy(Path from, Path to) {
        try {
            Files.createDirectories(to.getParent());
            Files.copy(from, to);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        proxies.values().forEach(Program.Running::close);
        gateway.close();
        site.close();
    }
}
