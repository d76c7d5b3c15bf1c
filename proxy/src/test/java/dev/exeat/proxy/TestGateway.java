package dev.exeat.proxy;

import dev.exeat.identity.DirectorySvidSource;
import dev.exeat.identity.SvidValidator;
import dev.exeat.model.RegistryMode;
import dev.exeat.net.EventLoops;
import dev.exeat.net.LoopOptions;
import dev.exeat.net.TlsOptions;
import dev.exeat.policy.Snapshot;
import dev.exeat.proxy.dial.AddressGuard;
import dev.exeat.proxy.dial.ConnectTo;
import dev.exeat.proxy.dns.Resolver;
import dev.exeat.proxy.dns.ResolverObserver;
import dev.exeat.proxy.dns.ResolverOptions;
import dev.exeat.proxy.h2.Abuse;
import dev.exeat.testkit.OuterTls;
import dev.exeat.testkit.SvidMint;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

/** A gateway on loopback whose policy lets everything through, with identities of its own, and what it told. */
final class TestGateway implements AutoCloseable {
    private static final InetSocketAddress ANY_PORT = new InetSocketAddress("127.0.0.1", 0);
    private static final InstantSource CLOCK = InstantSource.system();

    final List<String> handshakes = new CopyOnWriteArrayList<>();
    final List<ConnectionTrace> ended = new CopyOnWriteArrayList<>();
    final List<Abuse> abuses = new CopyOnWriteArrayList<>();
    final EventLoops loops;
    final Gateway gateway;
    /** Runs within each decision. */
    volatile Runnable fault = () -> {};

    private final Resolver resolver =
            new Resolver(ResolverOptions.of(List.of(ANY_PORT)), System::nanoTime, ResolverObserver.none());
    private final SvidMint mint;
    private final DirectorySvidSource source;

    private TestGateway(Path directory, int eventLoops, EgressLimits limits) throws Exception {
        loops = EventLoops.start(new LoopOptions(eventLoops, "test"));
        mint = SvidMint.mint(Files.createDirectory(directory.resolve("svids")), "test.test");
        Path own = Files.createDirectory(directory.resolve("own"));
        Files.copy(mint.svid("gw").certificate(), own.resolve("svid.pem"));
        Files.copy(mint.svid("gw").key(), own.resolve("key.pem"));
        Files.setPosixFilePermissions(own.resolve("key.pem"), PosixFilePermissions.fromString("rw-------"));
        Files.copy(mint.bundle(), own.resolve("bundle.pem"));
        source = DirectorySvidSource.open(own, CLOCK, dev.exeat.proxy.OuterTls.KEY_MATCH);
        SvidValidator validator = new SvidValidator(source::bundle, source::revocations, CLOCK);
        Snapshot anything = Policies.of(RegistryMode.ALLOW_ANY);
        AddressGuard guard = new AddressGuard(List.of(), List.of(), Set::of, Set::of);
        EgressServices services = new EgressServices(
                () -> {
                    fault.run();
                    return anything;
                },
                null,
                new Upstreams(resolver, guard, ConnectTo.none()),
                _ -> {},
                sink(),
                CLOCK,
                limits);
        dev.exeat.proxy.OuterTls tls =
                dev.exeat.proxy.OuterTls.server(source, validator, new TlsOptions(List.of("h2", "http/1.1")));
        gateway = Gateway.start(new Gateway.Listeners(ANY_PORT, ANY_PORT, null), loops, services, tls, validator);
    }

    static TestGateway start(Path directory, int eventLoops, EgressLimits limits) throws Exception {
        return new TestGateway(directory, eventLoops, limits);
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

            @Override
            public void abuse(Abuse kind) {
                abuses.add(kind);
            }
        };
    }

    /** The outer TLS of a client with this SVID. */
    OuterTls as(String svid) {
        return OuterTls.as(mint.svid(svid), mint.bundle());
    }

    @Override
    public void close() {
        gateway.close();
        loops.close();
        resolver.close();
        source.close();
    }
}
