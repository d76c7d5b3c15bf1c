package dev.exeat.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.exeat.identity.DirectorySvidSource;
import dev.exeat.identity.SvidValidator;
import dev.exeat.model.Enforcement;
import dev.exeat.model.Reason;
import dev.exeat.model.RegistryMode;
import dev.exeat.net.EventLoops;
import dev.exeat.net.LoopOptions;
import dev.exeat.net.TlsOptions;
import dev.exeat.policy.CompileOptions;
import dev.exeat.policy.GatewayWorkload;
import dev.exeat.policy.ListProviders;
import dev.exeat.policy.PolicyCompiler;
import dev.exeat.policy.Snapshot;
import dev.exeat.proxy.dial.AddressGuard;
import dev.exeat.proxy.dial.ConnectTo;
import dev.exeat.proxy.dns.Resolver;
import dev.exeat.proxy.dns.ResolverObserver;
import dev.exeat.proxy.dns.ResolverOptions;
import dev.exeat.testkit.ClientHelloBuilder;
import dev.exeat.testkit.Delivery;
import dev.exeat.testkit.HostileClient;
import dev.exeat.testkit.Outcome;
import dev.exeat.testkit.SvidMint;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GatewayTest {
    private static final InetSocketAddress ANY_PORT = new InetSocketAddress("127.0.0.1", 0);
    private static final InstantSource CLOCK = InstantSource.system();

    @TempDir
    private Path directory;

    private final EventLoops loops = EventLoops.start(new LoopOptions(1, "test"));
    private final Resolver resolver =
            new Resolver(ResolverOptions.of(List.of(ANY_PORT)), System::nanoTime, ResolverObserver.none());
    private volatile Runnable fault = () -> {};
    private final List<String> handshakes = new CopyOnWriteArrayList<>();
    private final List<ConnectionTrace> ended = new CopyOnWriteArrayList<>();
    private SvidMint mint;
    private DirectorySvidSource source;
    private Gateway gateway;

    @BeforeEach
    void start() throws Exception {
        mint = SvidMint.mint(Files.createDirectory(directory.resolve("svids")), "test.test");
        Path own = Files.createDirectory(directory.resolve("own"));
        Files.copy(mint.svid("gw").certificate(), own.resolve("svid.pem"));
        Files.copy(mint.svid("gw").key(), own.resolve("key.pem"));
        Files.setPosixFilePermissions(own.resolve("key.pem"), PosixFilePermissions.fromString("rw-------"));
        Files.copy(mint.bundle(), own.resolve("bundle.pem"));
        source = DirectorySvidSource.open(own, CLOCK, OuterTls.KEY_MATCH);
        SvidValidator validator = new SvidValidator(source::bundle, source::revocations, CLOCK);
        Snapshot anything = new PolicyCompiler(new CompileOptions(
                        RegistryMode.ALLOW_ANY,
                        Enforcement.ENFORCE,
                        Map.of(),
                        new GatewayWorkload("kubernetes://g.n", "g", "n", "g", "test.test/ns/n/sa/g"),
                        "istio-system",
                        false,
                        ListProviders.NONE))
                .compile(List.of())
                .snapshot();
        AddressGuard guard = new AddressGuard(List.of(), List.of(), Set::of, Set::of);
        EgressServices services = new EgressServices(
                () -> {
                    fault.run();
                    return anything;
                },
                new Upstreams(resolver, guard, ConnectTo.none()),
                _ -> {},
                sink(),
                CLOCK,
                EgressLimits.DEFAULT);
        OuterTls tls = OuterTls.server(source, validator, new TlsOptions(List.of("h2", "http/1.1")));
        gateway = Gateway.start(new Gateway.Listeners(ANY_PORT, ANY_PORT, null), loops, services, tls, validator);
    }

    @AfterEach
    void stop() {
        gateway.close();
        loops.close();
        resolver.close();
        source.close();
    }

    @Test
    void a_client_that_breaks_off_right_behind_its_connect_has_its_record() throws Exception {
        InetSocketAddress address = gateway.tunnelAddress();
        HostileClient client = HostileClient.mutualTls(
                address,
                dev.exeat.testkit.OuterTls.as(mint.svid("a"), mint.bundle()).offering("http/1.1"));
        await().until(() -> handshakes.equals(List.of("established")));
        // The loop finds the request and the reset together.
        CountDownLatch broken = new CountDownLatch(1);
        loops.next().execute(() -> awaitSafely(broken));
        client.send(
                "CONNECT a.test:443 HTTP/1.1\r\nHost: a.test:443\r\n\r\n".getBytes(StandardCharsets.US_ASCII),
                Delivery.whole().ending(Delivery.Ending.RESET));
        broken.countDown();

        await().atMost(Duration.ofSeconds(5)).until(() -> ended.size() == 1);
        assertThat(ended.getFirst().reason()).isEqualTo(Reason.CLIENT_GONE);
        assertThat(gateway.open()).isZero();
    }

    @Test
    void a_connection_that_never_speaks_the_protocol_it_chose_has_its_record() throws Exception {
        try (HostileClient client = HostileClient.mutualTls(
                gateway.tunnelAddress(),
                dev.exeat.testkit.OuterTls.as(mint.svid("a"), mint.bundle()).offering("h2"))) {
            client.send("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));

            await().until(() -> ended.size() == 1);
        }
        assertThat(ended.getFirst().reason()).isEqualTo(Reason.PROTOCOL_INVALID);
    }

    @Test
    void a_fault_of_the_policy_refuses_a_connect_gives_its_place_back_and_has_its_record() throws Exception {
        fault = () -> {
            throw new IllegalStateException("a fault");
        };
        try (HostileClient client = HostileClient.mutualTls(
                gateway.tunnelAddress(),
                dev.exeat.testkit.OuterTls.as(mint.svid("a"), mint.bundle()).offering("http/1.1"))) {
            assertThat(client.connect("a.test:443")).startsWith("HTTP/1.1 5").contains("internal_error");
        }

        await().until(() -> ended.size() == 1);
        assertThat(ended.getFirst().reason()).isEqualTo(Reason.INTERNAL_ERROR);
        assertThat(gateway.drain(Duration.ofSeconds(2))).isZero();
    }

    @Test
    void a_fault_of_the_policy_denies_and_has_its_record() {
        fault = () -> {
            throw new IllegalStateException("a fault");
        };
        try (HostileClient client = HostileClient.plain(gateway.plainAddress())) {
            client.send(ClientHelloBuilder.to("a.test").records());

            assertThat(client.outcome(Duration.ofSeconds(5))).isEqualTo(new Outcome.Alerted(80));
        }
        await().until(() -> ended.size() == 1);
        assertThat(ended.getFirst().reason()).isEqualTo(Reason.INTERNAL_ERROR);
        assertThat(gateway.open()).isZero();
    }

    private TraceSink sink() {
        return new TraceSink() {
            @Override
            public void ended(ConnectionTrace trace) {
                ended.add(trace);
            }

            @Override
            public void handshake(String result, long nanos) {
                handshakes.add(result);
            }
        };
    }

    private static void awaitSafely(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
