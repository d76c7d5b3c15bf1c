package dev.exeat.it.faults;

import dev.exeat.identity.ServiceAccountRef;
import dev.exeat.identity.TokenAuthority;
import dev.exeat.it.Program;
import dev.exeat.it.faults.Route.Role;
import dev.exeat.testkit.BackgroundProcess;
import dev.exeat.testkit.Command;
import dev.exeat.testkit.DnsStub;
import dev.exeat.testkit.DnsZone;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The mesh that faults are inflicted on, all of it on loopback: {@code exeat up}, an {@code exeat gateway} whose identity
 * lies in files, an {@code exeat proxy} in front of that gateway, two upstreams and a name server. Every address is
 * fixed, so that what is killed comes back in its place.
 */
final class Stand implements AutoCloseable {
    static final String TRUST_DOMAIN = "faults.test";
    static final List<String> ACCOUNTS = List.of("load", "leaver", "issue-0", "issue-1", "issue-2", "issue-3");
    private static final String LOOPBACK = "127.0.0.1:";
    private static final int STARTS = 3;
    private static final Duration START = Duration.ofSeconds(120);
    private static final Duration TOKEN = Duration.ofDays(30);

    private final Path directory;
    private final Map<Role, List<String>> commands = new EnumMap<>(Role.class);
    private final Map<Role, BackgroundProcess> running = new EnumMap<>(Role.class);
    private final Map<Role, String> admin = new EnumMap<>(Role.class);
    private final Map<Site, BackgroundProcess> sites = new EnumMap<>(Site.class);
    private final SmallDisk logs;
    private final SmallDisk store;
    private final FakeClock clock;
    private final Client.Doors doors;
    private final String api;
    private final InetSocketAddress nameServer;
    private DnsStub dns;

    /**
     * How its processes are started.
     *
     * @param clockSteps whether the gateway's clock shall be settable
     * @param helloTimeout of both gateways
     * @param fromServer whether the gateway has its identity from the authority, and not from files
     * @param up more flags of {@code up}
     */
    record Settings(boolean clockSteps, Duration helloTimeout, boolean fromServer, List<String> up) {
        static final Settings DEFAULT = new Settings(false, Duration.ofSeconds(10), false, List.of());

        Settings withClockSteps() {
            return new Settings(true, helloTimeout, fromServer, up);
        }

        Settings withHelloTimeout(Duration timeout) {
            return new Settings(clockSteps, timeout, fromServer, up);
        }

        Settings withIdentityFromServer() {
            return new Settings(clockSteps, helloTimeout, true, up);
        }

        Settings withUp(String... flags) {
            return new Settings(clockSteps, helloTimeout, fromServer, List.of(flags));
        }
    }

    /** Starts all of it. */
    static Stand start(Path directory, Settings settings)
            throws IOException, GeneralSecurityException, InterruptedException {
        Stand stand = new Stand(directory, settings.clockSteps());
        Runtime.getRuntime().addShutdownHook(new Thread(stand::close));
        try {
            stand.begin(settings);
            return stand;
        } catch (IOException | GeneralSecurityException | InterruptedException | RuntimeException e) {
            stand.close();
            throw e;
        }
    }

    private Stand(Path directory, boolean clockSteps) throws IOException {
        this.directory = directory;
        this.logs = new SmallDisk(Files.createDirectories(directory.resolve("logs")));
        this.store = new SmallDisk(Files.createDirectories(directory.resolve("data")));
        this.clock = new FakeClock(directory.resolve("clock"), clockSteps);
        int port = freePort(Site.VICTIM.address());
        this.doors = new Client.Doors(free(), free(), free(), free(), port);
        this.api = LOOPBACK + freePort("127.0.0.1");
        for (Role role : Role.values()) {
            admin.put(role, LOOPBACK + freePort("127.0.0.1"));
        }
        this.dns = DnsStub.start(zone());
        this.nameServer = dns.address();
    }

    private void begin(Settings settings) throws IOException, GeneralSecurityException, InterruptedException {
        writeManifests();
        for (Site site : Site.values()) {
            startSite(site);
        }
        List<String> both = List.of("--hello-timeout", settings.helloTimeout().toMillis() + "ms");
        commands.put(Role.UP, up(both, settings.up()));
        commands.put(Role.GATEWAY, gateway(both, settings.fromServer()));
        commands.put(Role.PROXY, proxy());
        start(Role.UP);
        try (Enrolment enrolment = enrolment()) {
            Enrolment.Identity gateway = enrolment.fetch(token(ServiceAccountRef.GATEWAY));
            Path identity = Files.createDirectories(identity());
            write(identity.resolve("svid.pem"), gateway.svidPem());
            write(identity.resolve("key.pem"), gateway.keyPem());
            Files.setPosixFilePermissions(identity.resolve("key.pem"), PosixFilePermissions.fromString("rw-------"));
            write(identity.resolve("bundle.pem"), gateway.bundlePem());
        }
        write(directory.resolve("token"), token("load"));
        write(directory.resolve("gateway-token"), token(ServiceAccountRef.GATEWAY));
        start(Role.GATEWAY);
        start(Role.PROXY);
    }

    private static DnsZone zone() {
        return new DnsZone(new DnsZone.Places(Site.VICTIM.address(), "127.0.0.1", "127.0.10.99", 2, 2));
    }

    private List<String> up(List<String> both, List<String> more) {
        List<String> words = new ArrayList<>(List.of("up", "--data-dir", data().toString(), "--api", api));
        words.addAll(List.of("--tunnel", at(doors.up()), "--plain", at(doors.plain())));
        words.addAll(dataPlane(Role.UP));
        words.addAll(both);
        words.addAll(more);
        return words;
    }

    private List<String> gateway(List<String> both, boolean fromServer) {
        List<String> words = new ArrayList<>(List.of("gateway"));
        words.addAll(
                fromServer
                        ? server("gateway-token")
                        : List.of("--svid-dir", identity().toString()));
        words.addAll(List.of("--data-dir", directory.resolve("gateway").toString(), "--tunnel", at(doors.gateway())));
        words.addAll(dataPlane(Role.GATEWAY));
        words.addAll(both);
        return words;
    }

    private List<String> dataPlane(Role role) {
        return List.of(
                "--admin",
                admin.get(role),
                "--trust-domain",
                TRUST_DOMAIN,
                "--manifests",
                manifests().toString(),
                "--record-log",
                records(role).toString(),
                "--resolver",
                LOOPBACK + nameServer.getPort(),
                "--connect-to",
                "*.model.test:443:" + Site.BYSTANDER.address() + ":" + doors.upstreamPort(),
                "--allow-address",
                "*.load.test=127.0.10.0/24",
                "--allow-address",
                "*.model.test=127.0.10.0/24",
                "--allow-address",
                "*.lies.test=127.0.10.0/24",
                "--drain",
                "30s");
    }

    private List<String> server(String token) {
        return List.of(
                "--server",
                "https://" + api,
                "--ca-file",
                data().resolve("bundle.pem").toString(),
                "--token-file",
                directory.resolve(token).toString());
    }

    private List<String> proxy() {
        List<String> words = new ArrayList<>(List.of(
                "proxy",
                "--gateway",
                at(doors.gateway()),
                "--listen",
                at(doors.proxy()),
                "--admin",
                admin.get(Role.PROXY),
                "--drain",
                "30s"));
        words.addAll(server("token"));
        return words;
    }

    private void writeManifests() {
        StringBuilder yaml = new StringBuilder("""
                apiVersion: networking.istio.io/v1
                kind: ServiceEntry
                metadata: {name: load, namespace: istio-system}
                spec:
                  location: MESH_EXTERNAL
                  hosts: ["*.load.test", "*.lies.test"]
                  ports:
                  - {number: %d, name: tls, protocol: TLS}
                  - {number: 443, name: https, protocol: TLS}
                """.formatted(doors.upstreamPort()));
        for (String account : ACCOUNTS) {
            yaml.append("---\napiVersion: v1\nkind: ServiceAccount\nmetadata: {name: ")
                    .append(account)
                    .append(", namespace: default}\n");
        }
        write(manifests().resolve("base.yaml"), yaml.toString());
        for (Site site : Site.values()) {
            dns.put(site.host(), site.address());
        }
    }

    /** Starts a process that is not running, and waits until it is ready. */
    void start(Role role, String... more) {
        List<String> words = new ArrayList<>(commands.get(role));
        words.addAll(List.of(more));
        Command command = Program.exeat(words.toArray(String[]::new));
        for (int left = STARTS; ; left--) {
            BackgroundProcess process = (role == Role.GATEWAY ? clock.in(command) : command).start();
            running.put(role, process);
            try {
                process.awaitLine("ready \\{.*\\}", START);
                return;
            } catch (IllegalStateException e) {
                // As a supervisor does: a workload proxy ends where the authority does not answer in time.
                process.kill();
                if (left == 1) {
                    throw e;
                }
            }
        }
    }

    /** Puts a new process in the place of the running one, and returns the old one, which drains. */
    BackgroundProcess replace(Role role) {
        BackgroundProcess old = process(role);
        start(role, "--takeover");
        return old;
    }

    BackgroundProcess process(Role role) {
        return running.get(role);
    }

    void startSite(Site site) {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        BackgroundProcess process = Command.of(
                        java,
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Upstream.class.getName(),
                        site.address(),
                        String.valueOf(doors.upstreamPort()))
                .start();
        process.awaitLine("listening", START);
        sites.put(site, process);
    }

    BackgroundProcess site(Site site) {
        return sites.get(site);
    }

    static void signal(BackgroundProcess process, String signal) {
        Command.of("kill", "-" + signal, String.valueOf(process.pid())).run();
    }

    DnsStub dns() {
        return dns;
    }

    /** Starts the name server again after it was closed. */
    void restartDns() {
        dns = DnsStub.start(nameServer, zone());
        for (Site site : Site.values()) {
            dns.put(site.host(), site.address());
        }
    }

    Metrics metrics(Role role) {
        return Metrics.of(admin.get(role));
    }

    Enrolment enrolment() throws IOException, GeneralSecurityException {
        return new Enrolment(api, data().resolve("bundle.pem"));
    }

    String token(String account) {
        return token(new ServiceAccountRef("default", account));
    }

    private String token(ServiceAccountRef account) {
        return TokenAuthority.open(data(), InstantSource.system()).create(account, TOKEN);
    }

    Client.Doors doors() {
        return doors;
    }

    Path data() {
        return directory.resolve("data");
    }

    Path manifests() {
        return directory.resolve("manifests");
    }

    /** Where the gateway's identity lies. */
    Path identity() {
        return directory.resolve("identity");
    }

    Path records(Role role) {
        return directory.resolve("logs/" + role + ".jsonl");
    }

    SmallDisk logs() {
        return logs;
    }

    SmallDisk store() {
        return store;
    }

    FakeClock clock() {
        return clock;
    }

    private static String at(InetSocketAddress address) {
        return address.getAddress().getHostAddress() + ":" + address.getPort();
    }

    private static InetSocketAddress free() throws IOException {
        return new InetSocketAddress(InetAddress.getByName("127.0.0.1"), freePort("127.0.0.1"));
    }

    private static int freePort(String address) throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(address))) {
            return socket.getLocalPort();
        }
    }

    /** Writes a file in one step, as careful writers do. */
    static void write(Path file, String text) {
        try {
            Files.createDirectories(file.getParent());
            Path draft = file.resolveSibling("." + file.getFileName() + ".draft");
            Files.writeString(draft, text);
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        for (BackgroundProcess one : running.values()) {
            one.kill();
        }
        for (BackgroundProcess site : sites.values()) {
            site.kill();
        }
        dns.close();
        logs.close();
        store.close();
    }
}
