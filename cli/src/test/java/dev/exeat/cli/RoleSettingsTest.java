package dev.exeat.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.exeat.cli.settings.AllowAddress;
import dev.exeat.cli.settings.AuthoritySettings;
import dev.exeat.cli.settings.CaptureSettings;
import dev.exeat.cli.settings.ChangeSettings;
import dev.exeat.cli.settings.Compat;
import dev.exeat.cli.settings.ConnectTo;
import dev.exeat.cli.settings.DataPlaneSettings;
import dev.exeat.cli.settings.DestinationSettings;
import dev.exeat.cli.settings.DnsSettings;
import dev.exeat.cli.settings.Enrolment;
import dev.exeat.cli.settings.FederatedBundle;
import dev.exeat.cli.settings.GatewaySettings;
import dev.exeat.cli.settings.HistorySettings;
import dev.exeat.cli.settings.Http2Settings;
import dev.exeat.cli.settings.IdentitySource;
import dev.exeat.cli.settings.LabPods;
import dev.exeat.cli.settings.LabSettings;
import dev.exeat.cli.settings.LimitSettings;
import dev.exeat.cli.settings.ListenerSettings;
import dev.exeat.cli.settings.LogFormat;
import dev.exeat.cli.settings.MetricSettings;
import dev.exeat.cli.settings.OnDeny;
import dev.exeat.cli.settings.PeerSettings;
import dev.exeat.cli.settings.PolicySettings;
import dev.exeat.cli.settings.ProxySettings;
import dev.exeat.cli.settings.RecordSettings;
import dev.exeat.cli.settings.RoleSettings;
import dev.exeat.cli.settings.SharedHistory;
import dev.exeat.cli.settings.Tickets;
import dev.exeat.cli.settings.UpSettings;
import dev.exeat.flow.Rotation;
import dev.exeat.flow.SeriesOptions;
import dev.exeat.flow.log.LogChoice;
import dev.exeat.flow.log.LogOptions;
import dev.exeat.flow.log.LogTarget;
import dev.exeat.flow.log.OnLogFull;
import dev.exeat.flow.otlp.OtlpOptions;
import dev.exeat.flow.profile.LogProfile;
import dev.exeat.flow.store.PostgresAddress;
import dev.exeat.flow.store.Retention;
import dev.exeat.model.Cidr;
import dev.exeat.model.Enforcement;
import dev.exeat.model.HostPattern;
import dev.exeat.model.IpAddress;
import dev.exeat.model.RegistryMode;
import dev.exeat.model.SpiffeId;
import dev.exeat.proxy.OnChange;
import dev.exeat.proxy.h2.Abuse;
import dev.exeat.proxy.h2.AbuseLimits;
import dev.exeat.testkit.Case;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Every setting of every role: its default, and that its flag and its variable set it. */
class RoleSettingsTest {
    private static final LimitSettings DEFAULT_LIMITS = new LimitSettings(
            Runtime.getRuntime().availableProcessors(),
            65536,
            65536,
            Duration.ofSeconds(10),
            Duration.ofHours(1),
            Duration.ofHours(24));
    private static final DataPlaneSettings DEFAULT_DATA_PLANE = new DataPlaneSettings(
            "cluster.local",
            List.of(),
            new ListenerSettings(address("127.0.0.1", 10443), Tickets.ON, null, address("127.0.0.1", 10990), false),
            new PolicySettings(List.of(), List.of(), RegistryMode.REGISTRY_ONLY, Enforcement.ENFORCE, null, Map.of()),
            new DestinationSettings(
                    List.of(), new DnsSettings(Duration.ofSeconds(5), 16384, 256, 8), List.of(), List.of()),
            DEFAULT_LIMITS,
            new PeerSettings(
                    Duration.ofSeconds(10),
                    16384,
                    16384,
                    5000,
                    10000,
                    new Http2Settings(1000, 16384, AbuseLimits.each(1000))),
            new ChangeSettings(OnChange.CUT, OnChange.KEEP),
            new RecordSettings(LogOptions.NONE, new HistorySettings(Retention.USUAL, null)),
            new MetricSettings(new SeriesOptions(100, false), null),
            null);

    private static final List<String> LIMIT_FLAGS = List.of(
            "--loops=3",
            "--max-connections=77",
            "--hello-limit=32K",
            "--hello-timeout=3s",
            "--idle-timeout=5m",
            "--tunnel-timeout=2h");
    private static final LimitSettings OTHER_LIMITS =
            new LimitSettings(3, 77, 32768, Duration.ofSeconds(3), Duration.ofMinutes(5), Duration.ofHours(2));

    private static final List<String> ROLE_FLAGS =
            List.of("--ready-file=/run/ready.json", "--drain=1500ms", "--log-format=json");
    private static final RoleSettings OTHER_ROLE =
            new RoleSettings(Path.of("/run/ready.json"), Duration.ofMillis(1500), LogFormat.JSON);

    private static final List<String> DATA_PLANE_FLAGS = List.of(
            "--manifests=a,b",
            "--shadow=c,d",
            "--tunnel=0.0.0.0:1",
            "--tickets=off",
            "--plain=[::1]:0",
            "--admin=127.0.0.2:3",
            "--takeover=true",
            "--name=gw-1.example",
            "--trust-domain=example.org",
            "--federated-bundle=other.test=/other.pem,third.test=/third.pem",
            "--registry=ALLOW_ANY",
            "--enforcement=audit",
            "--compat=mixer",
            "--label=app=gw,team=net",
            "--resolver=192.0.2.53,192.0.2.54:5353",
            "--connect-to=*.example.com:443:127.0.0.1:8443",
            "--allow-address=*.example.com=127.0.0.0/8",
            "--on-revoke=drain",
            "--on-policy-change=cut",
            "--record-log=-",
            "--record-log-size=64M",
            "--record-log-period=6h",
            "--record-log-age=3d",
            "--record-log-files=4",
            "--log-profile=ecs=/var/log/exeat.json,smokescreen=syslog:tcp://[::1]:601",
            "--log-queue=8M",
            "--on-log-full=block",
            "--history=postgresql://keeper@db.test/flows",
            "--history-password-file=/run/password",
            "--history-age=1d",
            "--history-sums-age=2d",
            "--history-size=32M",
            "--metrics-top=7",
            "--istio-metrics=true",
            "--otlp-metrics=http://192.0.2.9:4318",
            "--otlp-metrics-interval=30s",
            "--max-connections-per-source=10",
            "--max-connections-per-identity=11",
            "--connection-rate-per-identity=12",
            "--connection-burst-per-identity=13",
            "--handshake-timeout=4s",
            "--max-tunnels-per-connection=14",
            "--h2-header-limit=8K",
            "--h2-flood-limit=500,ping=50,reset=5",
            "--dns-timeout=6s",
            "--dns-max-size=4K",
            "--dns-max-records=15",
            "--dns-max-cnames=3");
    private static final DataPlaneSettings OTHER_DATA_PLANE = new DataPlaneSettings(
            "example.org",
            List.of(
                    new FederatedBundle("other.test", Path.of("/other.pem")),
                    new FederatedBundle("third.test", Path.of("/third.pem"))),
            new ListenerSettings(address("0.0.0.0", 1), Tickets.OFF, address("::1", 0), address("127.0.0.2", 3), true),
            new PolicySettings(
                    List.of(Path.of("a"), Path.of("b")),
                    List.of(Path.of("c"), Path.of("d")),
                    RegistryMode.ALLOW_ANY,
                    Enforcement.AUDIT,
                    Compat.MIXER,
                    Map.of("app", "gw", "team", "net")),
            new DestinationSettings(
                    List.of(address("192.0.2.53", 53), address("192.0.2.54", 5353)),
                    new DnsSettings(Duration.ofSeconds(6), 4096, 15, 3),
                    List.of(new ConnectTo(HostPattern.parse("*.example.com"), 443, address("127.0.0.1", 8443))),
                    List.of(new AllowAddress(HostPattern.parse("*.example.com"), Cidr.parse("127.0.0.0/8")))),
            OTHER_LIMITS,
            new PeerSettings(
                    Duration.ofSeconds(4),
                    10,
                    11,
                    12,
                    13,
                    new Http2Settings(
                            14, 8192, AbuseLimits.each(500).with(Abuse.PING, 50).with(Abuse.RESET, 5))),
            new ChangeSettings(OnChange.DRAIN, OnChange.CUT),
            new RecordSettings(
                    new LogOptions(
                            List.of(
                                    new LogChoice("records", LogProfile.NATIVE, new LogTarget.StandardOutput()),
                                    new LogChoice(
                                            "ecs=/var/log/exeat.json",
                                            LogProfile.ECS,
                                            new LogTarget.File(Path.of("/var/log/exeat.json"))),
                                    new LogChoice(
                                            "smokescreen=syslog:tcp://[::1]:601",
                                            LogProfile.SMOKESCREEN,
                                            new LogTarget.SyslogTcp("::1", 601))),
                            new Rotation(64 << 20, Duration.ofDays(3), 4, Duration.ofHours(6)),
                            8 << 20,
                            OnLogFull.BLOCK),
                    new HistorySettings(
                            new Retention(Duration.ofDays(1), Duration.ofDays(2), 32 << 20),
                            new SharedHistory(
                                    PostgresAddress.parse("postgresql://keeper@db.test/flows"),
                                    Path.of("/run/password"),
                                    ""))),
            new MetricSettings(
                    new SeriesOptions(7, true),
                    new OtlpOptions(URI.create("http://192.0.2.9:4318/v1/metrics"), Duration.ofSeconds(30))),
            "gw-1.example");

    @Test
    @Case("A16")
    void up_defaults() {
        Path data = Path.of("/home/somebody/.local/state/exeat");

        UpSettings settings = CliRun.of("up").settings(UpSettings.class);

        assertThat(settings)
                .isEqualTo(new UpSettings(
                        data,
                        new AuthoritySettings(address("127.0.0.1", 10943), Duration.ofHours(24), List.of()),
                        DEFAULT_DATA_PLANE,
                        new LabSettings(false, LabPods.AUTO),
                        new RoleSettings(data.resolve("ready.json"), Duration.ofSeconds(60), LogFormat.TEXT)));
    }

    private static final List<String> UP_FLAGS = List.of(
            "--data-dir=/var/lib/exeat",
            "--api=127.0.0.3:4",
            "--svid-ttl=90m",
            "--lab=true",
            "--lab-pods=process",
            "--gateway-name=gw.example.org,192.0.2.1");
    private static final UpSettings OTHER_UP = new UpSettings(
            Path.of("/var/lib/exeat"),
            new AuthoritySettings(
                    address("127.0.0.3", 4), Duration.ofMinutes(90), List.of("gw.example.org", "192.0.2.1")),
            OTHER_DATA_PLANE,
            new LabSettings(true, LabPods.PROCESS),
            OTHER_ROLE);

    @Test
    void up_flags_set_everything() {
        List<String> flags = join(UP_FLAGS, DATA_PLANE_FLAGS, LIMIT_FLAGS, ROLE_FLAGS);

        assertThat(fromFlags("up", flags).settings(UpSettings.class)).isEqualTo(OTHER_UP);
        assertThat(fromEnvironment("up", flags).settings(UpSettings.class)).isEqualTo(OTHER_UP);
        assertNoOptionIsLeftOut("up", flags);
    }

    @Test
    void gateway_defaults() {
        Path data = Path.of("/home/somebody/.local/state/exeat");

        GatewaySettings settings = CliRun.of("gateway", "--svid-dir", "/svid").settings(GatewaySettings.class);

        assertThat(settings)
                .isEqualTo(new GatewaySettings(
                        data,
                        new IdentitySource.SvidDirectory(Path.of("/svid")),
                        null,
                        DEFAULT_DATA_PLANE,
                        new RoleSettings(data.resolve("ready.json"), Duration.ofSeconds(60), LogFormat.TEXT)));
    }

    private static final List<String> ENROLMENT_FLAGS =
            List.of("--server=https://up.example:10943", "--ca-file=/ca.pem", "--token-file=/token");
    private static final Enrolment OTHER_ENROLMENT =
            new Enrolment(URI.create("https://up.example:10943"), Path.of("/ca.pem"), Path.of("/token"));

    @Test
    void gateway_flags_set_everything() {
        List<String> flags =
                join(List.of("--data-dir=/data"), ENROLMENT_FLAGS, DATA_PLANE_FLAGS, LIMIT_FLAGS, ROLE_FLAGS);
        GatewaySettings expected = new GatewaySettings(
                Path.of("/data"),
                new IdentitySource.Server(OTHER_ENROLMENT),
                OTHER_ENROLMENT,
                OTHER_DATA_PLANE,
                OTHER_ROLE);

        assertThat(fromFlags("gateway", flags).settings(GatewaySettings.class)).isEqualTo(expected);
        assertThat(fromEnvironment("gateway", flags).settings(GatewaySettings.class))
                .isEqualTo(expected);
        assertNoOptionIsLeftOut("gateway", join(flags, List.of("--svid-dir=/svid")));
    }

    @Test
    void a_gateway_may_have_its_identity_from_files_and_its_objects_from_a_server() {
        List<String> flags = join(List.of("--svid-dir=/svid"), ENROLMENT_FLAGS);

        GatewaySettings settings = fromFlags("gateway", flags).settings(GatewaySettings.class);

        assertThat(settings.identity()).isEqualTo(new IdentitySource.SvidDirectory(Path.of("/svid")));
        assertThat(settings.server()).isEqualTo(OTHER_ENROLMENT);
    }

    @Test
    void proxy_defaults() {
        ProxySettings settings = CliRun.of(
                        "proxy", "--server=https://127.0.0.1:10943", "--token-file=/token", "--gateway=127.0.0.1:10443")
                .settings(ProxySettings.class);

        assertThat(settings)
                .isEqualTo(new ProxySettings(
                        new Enrolment(URI.create("https://127.0.0.1:10943"), null, Path.of("/token")),
                        List.of(address("127.0.0.1", 10443)),
                        null,
                        address("127.0.0.1", 10128),
                        address("127.0.0.1", 10991),
                        OnDeny.HTTP,
                        new CaptureSettings(
                                List.of(), List.of(), List.of(Cidr.parse("198.18.0.0/15"), Cidr.parse("2001:2::/48"))),
                        DEFAULT_LIMITS,
                        new RoleSettings(null, Duration.ofSeconds(60), LogFormat.TEXT)));
    }

    @Test
    void proxy_flags_set_everything() {
        List<String> flags = join(
                List.of(
                        "--gateway=192.0.2.1:1,gw.example:2",
                        "--gateway-id=spiffe://example.org/gw",
                        "--listen=127.0.0.9:9",
                        "--on-deny=alert",
                        "--transparent=127.0.0.1:10129,[::1]:10129",
                        "--dns=127.0.0.1:10053",
                        "--dns-range=198.19.0.0/16",
                        "--admin=[::1]:8"),
                ENROLMENT_FLAGS,
                LIMIT_FLAGS,
                ROLE_FLAGS);
        ProxySettings expected = new ProxySettings(
                OTHER_ENROLMENT,
                List.of(address("192.0.2.1", 1), InetSocketAddress.createUnresolved("gw.example", 2)),
                SpiffeId.parse("spiffe://example.org/gw"),
                address("127.0.0.9", 9),
                address("::1", 8),
                OnDeny.ALERT,
                new CaptureSettings(
                        List.of(address("127.0.0.1", 10129), address("::1", 10129)),
                        List.of(address("127.0.0.1", 10053)),
                        List.of(Cidr.parse("198.19.0.0/16"))),
                OTHER_LIMITS,
                OTHER_ROLE);

        assertThat(fromFlags("proxy", flags).settings(ProxySettings.class)).isEqualTo(expected);
        assertThat(fromEnvironment("proxy", flags).settings(ProxySettings.class))
                .isEqualTo(expected);
        assertNoOptionIsLeftOut("proxy", flags);
    }

    @Test
    void flags_win_over_the_environment() {
        CliRun run = CliRun.of(Map.of("EXEAT_TUNNEL", "127.0.0.1:1"), "up", "--tunnel", "127.0.0.1:2");

        assertThat(run.settings(UpSettings.class).dataPlane().listeners().tunnel())
                .isEqualTo(address("127.0.0.1", 2));
    }

    @Test
    void state_goes_where_the_base_directory_specification_says() {
        CliRun run = CliRun.of(Map.of("XDG_STATE_HOME", "/state"), "up");

        assertThat(run.settings(UpSettings.class).dataDir()).isEqualTo(Path.of("/state/exeat"));
    }

    /** A new option cannot be added without setting it here. */
    private static void assertNoOptionIsLeftOut(String command, List<String> flags) {
        List<String> named =
                flags.stream().map(flag -> flag.substring(0, flag.indexOf('='))).toList();
        assertThat(CommandLines.optionsOf(command))
                .filteredOn(option -> !option.equals("--no-color") && !option.equals("--help"))
                .containsExactlyInAnyOrderElementsOf(named);
    }

    private static CliRun fromFlags(String command, List<String> flags) {
        List<String> arguments = new ArrayList<>(List.of(command));
        arguments.addAll(flags);
        return CliRun.of(arguments.toArray(String[]::new));
    }

    private static CliRun fromEnvironment(String command, List<String> flags) {
        Map<String, String> environment = new HashMap<>();
        for (String flag : flags) {
            int equals = flag.indexOf('=');
            String name = flag.substring(2, equals).replace('-', '_').toUpperCase(Locale.ROOT);
            environment.put("EXEAT_" + name, flag.substring(equals + 1));
        }
        return CliRun.of(environment, command);
    }

    @SafeVarargs
    @SuppressWarnings("varargs")
    private static List<String> join(List<String>... lists) {
        return Arrays.stream(lists).flatMap(List::stream).toList();
    }

    private static InetSocketAddress address(String host, int port) {
        return new InetSocketAddress(IpAddress.parse(host).toInetAddress(), port);
    }
}
