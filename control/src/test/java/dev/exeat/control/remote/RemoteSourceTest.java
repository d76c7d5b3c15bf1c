package dev.exeat.control.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.exeat.control.api.ApiServer;
import dev.exeat.control.api.Route;
import dev.exeat.control.gateways.GatewayReport;
import dev.exeat.control.gateways.GatewayRoutes;
import dev.exeat.control.gateways.GatewayTokens;
import dev.exeat.control.gateways.Gateways;
import dev.exeat.control.gateways.KnownGateway;
import dev.exeat.control.gateways.ObjectFeed;
import dev.exeat.control.store.ObjectStore;
import dev.exeat.control.store.StoreKey;
import dev.exeat.identity.Authority;
import dev.exeat.identity.AuthoritySvidSource;
import dev.exeat.identity.SanNames;
import dev.exeat.identity.ServerSvidOptions;
import dev.exeat.identity.ServiceAccountRef;
import dev.exeat.identity.SvidSource;
import dev.exeat.identity.TokenAuthority;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A gateway's side of the feed, against the real server's side over real TLS. */
@Timeout(120)
class RemoteSourceTest {
    private static final String TRUST_DOMAIN = "cluster.local";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    Path temp;

    private final Clock clock = Clock.systemUTC();
    private final List<AutoCloseable> open = new ArrayList<>();
    private Authority authority;
    private TokenAuthority tokens;
    private SvidSource identity;
    private ObjectStore store;
    private Gateways gateways;
    private ApiServer server;
    private int port;
    private Path token;

    @BeforeEach
    void serve() throws Exception {
        Path data = Files.createDirectory(temp.resolve("data"));
        Files.createDirectory(temp.resolve("gateway"));
        authority = Authority.open(data, TRUST_DOMAIN, Duration.ofHours(1), clock);
        tokens = TokenAuthority.open(data, clock);
        identity = AuthoritySvidSource.open(
                authority, ServiceAccountRef.GATEWAY.spiffeId(TRUST_DOMAIN), SanNames.loopbackAnd(List.of()), clock);
        Files.writeString(temp.resolve("ca.pem"), authority.bundle().toPem(TRUST_DOMAIN));
        token = Files.writeString(temp.resolve("token"), tokens.create(ServiceAccountRef.GATEWAY, Duration.ofHours(1)));
        store = ObjectStore.open(temp.resolve("store.db"));
        gateways = Gateways.open();
        start();
        port = server.address().getPort();
    }

    /** Also again, as another process would: on the same port, with a history of its own. */
    private void start() {
        List<Route> routes = new ArrayList<>(new ObjectFeed(store, new GatewayTokens(tokens)).routes());
        routes.addAll(new GatewayRoutes(gateways, new GatewayTokens(tokens)).routes());
        server = ApiServer.start(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), identity, routes);
    }

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable one : open) {
            one.close();
        }
        server.close();
        gateways.close();
        identity.close();
        store.close();
        authority.close();
    }

    private ServerSvidOptions options() {
        return new ServerSvidOptions(URI.create("https://127.0.0.1:" + port), temp.resolve("ca.pem"), token);
    }

    private RemoteSource follow(Duration patience) {
        RemoteSource source = RemoteSource.open(options(), temp.resolve("gateway"), clock, patience);
        open.add(source);
        return source;
    }

    private static StoreKey key(String name) {
        return new StoreKey("exeat.dev", "hostsets", "a", name);
    }

    private static ObjectNode hosts(String name, String host) {
        ObjectNode object = JsonMapper.shared()
                .createObjectNode()
                .put("apiVersion", "exeat.dev/v1alpha1")
                .put("kind", "HostSet");
        object.putObject("metadata").put("namespace", "a").put("name", name);
        object.putObject("spec").putArray("hosts").add(host);
        return object;
    }

    private static List<String> names(RemoteSource source) {
        return source.current().resources().stream()
                .map(resource -> resource.key().name())
                .toList();
    }

    private static void awaitNames(RemoteSource source, String... names) {
        await().atMost(PATIENCE).until(() -> names(source).equals(List.of(names)));
    }

    private void awaitKept(long version) {
        Path file = temp.resolve("gateway").resolve(KeptObjects.FILE);
        await().atMost(PATIENCE)
                .until(() ->
                        Files.exists(file) && Files.readString(file).contains("\"resource_version\":" + version + ","));
    }

    private static void awaitConnected(RemoteSource source, boolean connected) {
        await().atMost(PATIENCE).until(() -> source.state().connected() == connected);
    }

    @Test
    void reads_all_objects_of_policies_and_then_follows_each_change() {
        store.create(key("one"), hosts("one", "a.test"));
        store.create(
                new StoreKey("", "configmaps", "a", "other"),
                JsonMapper.shared().createObjectNode().put("kind", "ConfigMap"));
        AtomicInteger told = new AtomicInteger();
        RemoteSource source = follow(PATIENCE);
        source.onChange(told::incrementAndGet);
        assertThat(names(source)).containsExactly("one");
        assertThat(source.current().version()).isEqualTo(2);
        var one = source.current().resources().getFirst();

        store.create(key("two"), hosts("two", "b.test"));
        awaitNames(source, "one", "two");
        assertThat(source.current().resources().getFirst()).isSameAs(one);
        assertThat(source.current().version()).isEqualTo(3);
        store.delete(key("one"), 0);
        awaitNames(source, "two");

        assertThat(told.get()).isGreaterThanOrEqualTo(2);
        assertThat(source.state().kept()).isFalse();
    }

    @Test
    void the_version_rises_by_what_is_not_followed_and_by_status_without_another_object() {
        ObjectNode body = hosts("one", "a.test");
        store.create(key("one"), body);
        RemoteSource source = follow(PATIENCE);
        var one = source.current().resources().getFirst();

        ObjectNode withStatus = body.deepCopy();
        withStatus.putObject("status").put("x", 1);
        store.update(key("one"), withStatus, 0);
        store.create(
                new StoreKey("", "configmaps", "a", "other"),
                JsonMapper.shared().createObjectNode().put("kind", "ConfigMap"));

        await().atMost(PATIENCE).until(() -> source.current().version() == 3);
        assertThat(source.current().resources()).hasSize(1);
        assertThat(source.current().resources().getFirst()).isSameAs(one);
    }

    @Test
    void goes_on_while_the_server_is_away_and_begins_without_it_with_what_is_kept() throws Exception {
        store.create(key("one"), hosts("one", "a.test"));
        RemoteSource source = follow(PATIENCE);
        store.create(key("two"), hosts("two", "b.test"));
        awaitNames(source, "one", "two");
        awaitKept(2);
        server.close();
        awaitConnected(source, false);
        assertThat(names(source)).containsExactly("one", "two");
        source.close();

        RemoteSource again = follow(PATIENCE);
        assertThat(names(again)).containsExactly("one", "two");
        assertThat(again.state()).satisfies(state -> {
            assertThat(state.kept()).isTrue();
            assertThat(state.connected()).isFalse();
            assertThat(state.problem()).isNotEmpty();
            assertThat(state.confirmed()).isBetween(Instant.now().minusSeconds(120), Instant.now());
        });
        assertThat(PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(temp.resolve("gateway").resolve(KeptObjects.FILE))))
                .isEqualTo("rw-------");

        store.delete(key("one"), 0);
        start();
        awaitNames(again, "two");
        assertThat(again.state().kept()).isFalse();
        awaitConnected(again, true);
    }

    @Test
    void does_not_begin_without_any_objects() {
        server.close();

        assertThatThrownBy(() -> follow(Duration.ofSeconds(2)))
                .isInstanceOf(FeedException.class)
                .hasMessageContaining("no objects in time");
        start();
    }

    @Test
    void does_not_begin_with_kept_objects_that_were_changed_or_cut() throws Exception {
        store.create(key("one"), hosts("one", "a.test"));
        follow(PATIENCE);
        awaitKept(1);
        open.getFirst().close();
        server.close();
        Path file = temp.resolve("gateway").resolve(KeptObjects.FILE);
        String good = Files.readString(file);

        for (String bad : List.of(
                good.replace("a.test", "b.test"),
                good.substring(0, good.length() - 9),
                good.lines().findFirst().orElseThrow() + "\n",
                "")) {
            Files.writeString(file, bad);
            assertThatThrownBy(() -> follow(Duration.ofMillis(500))).as(bad).isInstanceOf(FeedException.class);
        }
        start();
    }

    @Test
    void a_server_that_lost_its_objects_takes_none_away_but_deletes_count() {
        store.create(key("one"), hosts("one", "a.test"));
        RemoteSource source = follow(PATIENCE);
        server.close();
        awaitConnected(source, false);
        ObjectStore full = store;
        store = ObjectStore.open(temp.resolve("lost.db"));
        start();

        await().atMost(PATIENCE).until(() -> source.state().problem().contains("has no objects"));
        assertThat(names(source)).containsExactly("one");

        store.create(key("new"), hosts("new", "c.test"));
        awaitNames(source, "new");
        awaitConnected(source, true);
        store.delete(key("new"), 0);
        awaitNames(source);
        full.close();
    }

    @Test
    void reads_anew_what_the_server_cannot_tell_the_changes_of() {
        store.create(key("one"), hosts("one", "a.test"));
        store.create(key("two"), hosts("two", "b.test"));
        RemoteSource source = follow(PATIENCE);
        assertThat(names(source)).containsExactly("one", "two");
        var two = source.current().resources().getLast();

        store.close();
        store.resume(); // Expires all watches.
        store.delete(key("one"), 0);

        awaitNames(source, "two");
        assertThat(source.current().resources().getFirst()).isSameAs(two);
        awaitConnected(source, true);
    }

    @Test
    void only_gateways_may_follow_and_report() throws Exception {
        Files.writeString(token, tokens.create(new ServiceAccountRef("default", "sleep"), Duration.ofHours(1)));

        assertThatThrownBy(() -> follow(PATIENCE))
                .isInstanceOf(FeedException.class)
                .hasMessageContaining("403");
        try (ReportClient reports = new ReportClient(options(), clock)) {
            assertThatThrownBy(() -> reports.accept(new GatewayReport("a", "d", 1, "1", Instant.EPOCH)))
                    .hasMessageContaining("403")
                    .hasMessageContaining("is no gateway's");
        }
        Files.writeString(token, "nonsense");
        assertThatThrownBy(() -> follow(PATIENCE)).hasMessageContaining("401");
        assertThat(gateways.known()).isEmpty();
    }

    @Test
    void reports_arrive_as_they_were_sent() {
        GatewayReport report = new GatewayReport("gw-1.a", "digest", 42, "1.0", Instant.parse("2026-02-03T04:05:06Z"));
        try (ReportClient reports = new ReportClient(options(), clock)) {
            reports.accept(report);

            assertThat(gateways.known()).extracting(KnownGateway::report).containsExactly(report);
            assertThatThrownBy(() -> reports.accept(new GatewayReport("gw-1.a", "digest", -1, "1.0", Instant.EPOCH)))
                    .hasMessageContaining("422");
        }
    }
}
