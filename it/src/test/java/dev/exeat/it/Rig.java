package dev.exeat.it;

import dev.exeat.testkit.Behaviour;
import dev.exeat.testkit.DnsStub;
import dev.exeat.testkit.DnsZone;
import dev.exeat.testkit.HelloCases;
import dev.exeat.testkit.HostileClient;
import dev.exeat.testkit.MarkerUpstream;
import dev.exeat.testkit.Outcome;
import dev.exeat.testkit.OuterTls;
import dev.exeat.testkit.Received;
import dev.exeat.testkit.SvidMint;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import javax.net.ssl.SSLException;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/**
 * A real gateway between hostile clients and a marker upstream: identities of a minted trust domain, a name server of
 * our own, the upstream on 127.0.10.1, which is the only loopback address that may be dialled.
 */
final class Rig implements AutoCloseable {
    static final String TRUST_DOMAIN = "rig.test";
    private static final String UPSTREAM = "127.0.10.1";
    private static final String GATEWAY = "127.0.0.1";
    private static final ObjectMapper JSON = new ObjectMapper();

    final SvidMint mint;
    final DnsStub dns;
    final MarkerUpstream upstream;
    final Program.Running gateway;
    final Path manifests;

    /** The upstream's port where gateways listen: one that got it would take the upstream for itself. */
    private final ServerSocket reserved;

    private final Path records;
    private final List<JsonNode> read = new ArrayList<>();
    private long readTo;
    private final List<String> arguments;

    private Rig(
            SvidMint mint,
            DnsStub dns,
            MarkerUpstream upstream,
            ServerSocket reserved,
            Program.Running gateway,
            Path directory,
            List<String> arguments) {
        this.arguments = List.copyOf(arguments);
        this.mint = mint;
        this.dns = dns;
        this.upstream = upstream;
        this.reserved = reserved;
        this.gateway = gateway;
        this.manifests = directory.resolve("manifests");
        this.records = directory.resolve("records.jsonl");
    }

    /** @param more flags of the gateway */
    static Rig start(Path directory, String... more) throws Exception {
        return start(directory, Behaviour.marking(), more);
    }

    /** @param behaviour of the upstream */
    static Rig start(Path directory, Behaviour behaviour, String... more) throws Exception {
        return start(directory, behaviour, Program::start, more);
    }

    /** @param how the gateway is started with its words */
    static Rig start(Path directory, Behaviour behaviour, Function<String[], Program.Running> how, String... more)
            throws Exception {
        SvidMint mint = SvidMint.mint(Files.createDirectories(directory.resolve("svids")), TRUST_DOMAIN);
        Path identity = Files.createDirectories(directory.resolve("identity"));
        Files.copy(mint.svid("gw").certificate(), identity.resolve("svid.pem"));
        Files.copy(mint.svid("gw").key(), identity.resolve("key.pem"));
        Files.setPosixFilePermissions(identity.resolve("key.pem"), PosixFilePermissions.fromString("rw-------"));
        Files.copy(mint.bundle(), identity.resolve("bundle.pem"));
        ServerSocket reserved = new ServerSocket(0, 1, InetAddress.getByName(GATEWAY));
        MarkerUpstream upstream = MarkerUpstream.start(
                new InetSocketAddress(InetAddress.getByName(UPSTREAM), reserved.getLocalPort()), behaviour);
        DnsStub dns = DnsStub.start(DnsZone.withUpstream(UPSTREAM));
        Program.write(
                directory.resolve("manifests/hosts.yaml"),
                hosts(upstream.address().getPort()));
        List<String> arguments = new ArrayList<>(List.of(
                "gateway",
                "--svid-dir",
                identity.toString(),
                "--data-dir",
                directory.resolve("data").toString(),
                "--trust-domain",
                TRUST_DOMAIN,
                "--manifests",
                directory.resolve("manifests").toString(),
                "--tunnel",
                GATEWAY + ":0",
                "--plain",
                GATEWAY + ":0",
                "--admin",
                GATEWAY + ":0",
                "--resolver",
                "127.0.0.1:" + dns.address().getPort(),
                "--record-log",
                directory.resolve("records.jsonl").toString()));
        // Of two rules that match, the first counts.
        arguments.addAll(List.of(more));
        // Listeners without a CONNECT know only port 443; the marker listens elsewhere.
        arguments.addAll(List.of(
                "--connect-to",
                "*.test:443:" + UPSTREAM + ":" + upstream.address().getPort()));
        for (String host : List.of("*.test", "*.wild.test", "*.deep.test")) {
            arguments.addAll(List.of("--allow-address", host + "=127.0.10.0/24"));
        }
        for (var usual : Map.of("--drain", "2s", "--hello-timeout", "3s").entrySet()) {
            if (!arguments.contains(usual.getKey())) {
                arguments.addAll(List.of(usual.getKey(), usual.getValue()));
            }
        }
        Program.Running gateway = how.apply(arguments.toArray(String[]::new));
        return new Rig(mint, dns, upstream, reserved, gateway, directory, arguments);
    }

    /** A second gateway with the flags of the first, which the caller closes. */
    Program.Running another(String... more) {
        List<String> all = new ArrayList<>(arguments);
        all.addAll(List.of(more));
        return Program.start(all.toArray(String[]::new));
    }

    /** The hosts of the cases: everything that the name server's tricks need, and two wildcards; not denied.test. */
    private static String hosts(int port) {
        StringBuilder yaml = new StringBuilder("""
                apiVersion: networking.istio.io/v1
                kind: ServiceEntry
                metadata:
                  name: cases
                  namespace: istio-system
                spec:
                  location: MESH_EXTERNAL
                  hosts:
                """);
        for (String host : List.of(
                "allowed.test",
                "*.wild.test",
                "*.deep.test",
                "xn--bcher-kva.test",
                "loop.test",
                "priv.test",
                "meta.test",
                "cgnat.test",
                "zero.test",
                "bcast.test",
                "mcast.test",
                "mapped.test",
                "nat64l.test",
                "sixto4.test",
                "ula.test",
                "ll6.test",
                "one6.test",
                "zero6.test",
                "bench.test",
                "self.test",
                "mixed.test",
                "rebind.test",
                "cnpriv.test",
                "cloop.test",
                "deep20.test",
                "nx.test",
                "silent.test",
                "silent-too.test",
                "tc.test",
                "two.test",
                "big.test",
                "sf.test",
                "static.test",
                "cloak.test")) {
            yaml.append("  - \"").append(host).append("\"\n");
        }
        return yaml + """
                  ports:
                  - number: %d
                    name: tls
                    protocol: TLS
                  - number: 443
                    name: https
                    protocol: TLS
                """.formatted(port);
    }

    /** A client with an identity that opened nothing yet. */
    HostileClient as(String svid, String... alpn) throws SSLException {
        return HostileClient.mutualTls(
                gateway.address("tunnel"),
                OuterTls.as(mint.svid(svid), mint.bundle()).offering(alpn));
    }

    /** A tunnel opened by an HTTP/1.1 CONNECT to the upstream's port; fails if it is refused. */
    HostileClient tunnelTo(String host) throws SSLException {
        HostileClient client = as("a", "http/1.1");
        String answer = client.connect(authority(host));
        if (!answer.startsWith("HTTP/1.1 200")) {
            client.close();
            throw new IllegalStateException("the CONNECT was refused: " + answer);
        }
        return client;
    }

    String authority(String host) {
        return host + ":" + upstream.address().getPort();
    }

    /** How many connections have reached the upstream. */
    int reached() {
        return upstream.received().size();
    }

    Received lastReceived() {
        return upstream.received().getLast();
    }

    /** All records that the gateway has written. */
    synchronized List<JsonNode> records() {
        try {
            if (Files.exists(records)) {
                readOn();
            }
            return List.copyOf(read);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What was written since the last time, but for a line that has not ended yet. */
    private void readOn() throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(records.toFile(), "r")) {
            byte[] more = new byte[(int) (file.length() - readTo)];
            file.seek(readTo);
            file.readFully(more);
            String text = new String(more, StandardCharsets.UTF_8);
            String whole = text.substring(0, text.lastIndexOf('\n') + 1);
            readTo += whole.getBytes(StandardCharsets.UTF_8).length;
            whole.lines().map(JSON::readTree).forEach(read::add);
        }
    }

    /** Waits until each connection of before has ended and has its record, so that the next record is the next test's. */
    void settle() {
        await(20).until(() -> {
            String metrics = metrics();
            return sum(metrics, "exeat_connections_active") == 0
                    && sum(metrics, "exeat_connections_total") == records().size();
        });
    }

    /** Looks at once and often: this is waited for in every case. */
    private static ConditionFactory await(int seconds) {
        return Awaitility.await()
                .atMost(seconds, TimeUnit.SECONDS)
                .pollDelay(Duration.ZERO)
                .pollInterval(10, TimeUnit.MILLISECONDS);
    }

    /** Waits until no connection is open any more. */
    void awaitNoneOpen() {
        await(30).until(() -> sum(metrics(), "exeat_connections_active") == 0);
    }

    /** All metrics, as a scrape gets them. */
    String metrics() throws IOException {
        var admin = gateway.address("admin");
        var url = URI.create("http://" + admin.getHostString() + ":" + admin.getPort() + "/metrics");
        try (InputStream in = url.toURL().openStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static double sum(String metrics, String family) {
        return metrics.lines()
                .filter(line -> line.startsWith(family + "{"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    /** A value that the gateway shows in {@code /proc/PID/status}, such as its threads. */
    long status(String key) {
        try {
            return Files.readAllLines(proc("status")).stream()
                    .filter(line -> line.startsWith(key + ":"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst()
                    .orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** How many descriptors the gateway has open. */
    long descriptors() {
        try (var open = Files.list(proc("fd"))) {
            return open.count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The ports of UDP that the gateway has open and anybody could send to, as the kernel lists them. */
    List<String> openUdpPorts() {
        List<String> ports = new ArrayList<>();
        try (var open = Files.list(proc("fd"))) {
            for (Path descriptor : open.toList()) {
                String target = Files.isSymbolicLink(descriptor)
                        ? Files.readSymbolicLink(descriptor).toString()
                        : "";
                for (String table : List.of("net/udp", "net/udp6")) {
                    Files.readAllLines(proc(table)).stream()
                            .map(line -> line.strip().split("\\s+"))
                            .filter(row -> target.equals("socket:[" + row[9] + "]") && row[2].matches("0+:0+"))
                            .forEach(row -> ports.add(row[1]));
                }
            }
            return ports;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path proc(String name) {
        return Path.of("/proc", String.valueOf(gateway.process().pid()), name);
    }

    /** A plain connection that has sent a good hello, and whose upstream has answered. */
    HostileClient carried() {
        HostileClient client = HostileClient.plain(gateway.address("plain"));
        Outcome outcome = client.send(HelloCases.of("N01").octets()).outcome(Duration.ofSeconds(10));
        if (!(outcome instanceof Outcome.Forwarded)) {
            client.close();
            throw new IllegalStateException("not carried: " + outcome);
        }
        return client;
    }

    /** The record that follows so many others, once it is there. */
    JsonNode recordAfter(int count) {
        await(8).until(() -> records().size() > count);
        return records().get(count);
    }

    @Override
    public void close() {
        gateway.close();
        upstream.close();
        dns.close();
        try {
            reserved.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
