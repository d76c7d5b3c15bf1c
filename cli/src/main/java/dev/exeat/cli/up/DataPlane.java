package dev.exeat.cli.up;

import dev.exeat.cli.settings.ChangeSettings;
import dev.exeat.cli.settings.DataPlaneSettings;
import dev.exeat.cli.settings.DestinationSettings;
import dev.exeat.cli.settings.DnsSettings;
import dev.exeat.cli.settings.Http2Settings;
import dev.exeat.cli.settings.LimitSettings;
import dev.exeat.cli.settings.PeerSettings;
import dev.exeat.cli.settings.PolicySettings;
import dev.exeat.cli.settings.Tickets;
import dev.exeat.control.Configuration;
import dev.exeat.control.DirectorySource;
import dev.exeat.control.ProviderLists;
import dev.exeat.control.ResourceSource;
import dev.exeat.control.local.ControlCommand;
import dev.exeat.control.local.ControlException;
import dev.exeat.control.local.ControlSocket;
import dev.exeat.identity.RenewalAlarm;
import dev.exeat.identity.SvidSource;
import dev.exeat.identity.SvidValidator;
import dev.exeat.model.ListenerKind;
import dev.exeat.net.EventLoops;
import dev.exeat.net.LoopOptions;
import dev.exeat.net.Takeover;
import dev.exeat.net.TlsLibrary;
import dev.exeat.net.TlsOptions;
import dev.exeat.policy.CompileOptions;
import dev.exeat.policy.PolicyCompiler;
import dev.exeat.proxy.EgressLimits;
import dev.exeat.proxy.EgressServices;
import dev.exeat.proxy.Gateway;
import dev.exeat.proxy.OuterTls;
import dev.exeat.proxy.Recheck;
import dev.exeat.proxy.Upstreams;
import dev.exeat.proxy.dial.AddressException;
import dev.exeat.proxy.dial.AddressGuard;
import dev.exeat.proxy.dial.LocalAddresses;
import dev.exeat.proxy.dns.DnsLimits;
import dev.exeat.proxy.dns.ResolvConf;
import dev.exeat.proxy.dns.Resolver;
import dev.exeat.proxy.dns.ResolverOptions;
import dev.exeat.proxy.h2.H2Limits;
import dev.exeat.proxy.limit.PeerLimits;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The data plane of {@code exeat up} and {@code exeat gateway}: configuration, event loops, listeners. */
final class DataPlane {
    private static final Logger LOG = LoggerFactory.getLogger(DataPlane.class);
    private static final String ROOT_NAMESPACE = "istio-system";
    private static final List<String> TUNNEL_ALPN = List.of("h2", "http/1.1", "istio");

    private final Configuration configuration;
    private final Gateway gateway;
    private final EgressServices services;
    private final Identities identities;
    private final @Nullable ShadowPart shadow;

    private DataPlane(
            Configuration configuration,
            Gateway gateway,
            EgressServices services,
            Identities identities,
            @Nullable ShadowPart shadow) {
        this.shadow = shadow;
        this.configuration = configuration;
        this.gateway = gateway;
        this.services = services;
        this.identities = identities;
    }

    /** Compiles the manifests; what this opens is closed by {@code closing}. */
    static Configuration configure(DataPlaneSettings settings, Closing closing, InstantSource clock) {
        return configure(settings, files -> files, closing, clock);
    }

    /** @param all makes the source of all objects from that of the manifests */
    static Configuration configure(
            DataPlaneSettings settings, UnaryOperator<ResourceSource> all, Closing closing, InstantSource clock) {
        ProviderLists lists = new ProviderLists(clock);
        DirectorySource source = DirectorySource.open(settings.policy().manifests(), new InotifyWatcher());
        return closing.add(Configuration.open(all.apply(source), compiler(settings, lists), lists, clock));
    }

    private static PolicyCompiler compiler(DataPlaneSettings settings, ProviderLists lists) {
        PolicySettings policy = settings.policy();
        return new PolicyCompiler(new CompileOptions(
                policy.registry(),
                policy.enforcement(),
                GatewayAccount.labels(policy),
                GatewayAccount.workload(policy.compat(), settings.trustDomain()),
                ROOT_NAMESPACE,
                false,
                lists));
    }

    /** Null where none is asked for. Its objects are those of its own directories alone. */
    private static @Nullable ShadowPart shadow(
            DataPlaneSettings settings, Observation observation, Closing closing, InstantSource clock) {
        if (settings.policy().shadow().isEmpty()) {
            return null;
        }
        ProviderLists lists = new ProviderLists(clock);
        DirectorySource source = DirectorySource.open(settings.policy().shadow(), new InotifyWatcher());
        return ShadowPart.start(
                () -> closing.add(Configuration.open(source, compiler(settings, lists), lists, clock)),
                observation.metrics().shadow());
    }

    /** Binds the listeners and serves; what this opens is closed by {@code closing}. */
    static DataPlane start(
            DataPlaneSettings settings,
            Configuration configuration,
            Identities identities,
            Ports ports,
            Closing closing) {
        Observation observation = identities.observation();
        observation.signBy(identities.source());
        InstantSource clock = identities.clock();
        new ConfigurationReport(observation.metrics()).follow(configuration);
        ShadowPart shadow = shadow(settings, observation, closing, clock);
        Resolver resolver = closing.add(new Resolver(
                resolverOptions(settings.destinations()), System::nanoTime, observation.resolverObserver()));
        Upstreams upstreams = new Upstreams(
                resolver,
                new AddressGuard(
                        exceptions(settings.destinations()),
                        List.of(),
                        ports.own(),
                        new LocalAddresses(System::nanoTime)),
                ConnectRules.of(settings.destinations().connectTo()));
        EgressServices services = new EgressServices(
                configuration::snapshot,
                shadow == null ? null : shadow.policy(),
                upstreams,
                observation.streams()::write,
                observation.sink(),
                clock,
                limits(settings.limits(), settings.peers()));
        EventLoops loops =
                closing.add(EventLoops.start(new LoopOptions(settings.limits().loops(), "gateway")));
        SvidValidator validator = identities.validator();
        OuterTls tls = closing.add(OuterTls.server(identities.source(), validator, tunnelTls(settings)));
        Gateway gateway = closing.add(Gateway.start(
                new Gateway.Listeners(
                        settings.listeners().tunnel(), settings.listeners().plain(), ports.before()),
                loops,
                services,
                tls,
                validator));
        ports.own().add(gateway.tunnelAddress());
        ports.own().add(gateway.plainAddress());
        for (ListenerKind listener : List.of(ListenerKind.TUNNEL, ListenerKind.PLAIN)) {
            observation.metrics().showActive(listener, () -> gateway.open(listener));
        }
        observation.metrics().showLimits(() -> List.copyOf(gateway.limits().highest()));
        return new DataPlane(configuration, gateway, services, identities, shadow);
    }

    /**
     * What is known of ports.
     *
     * @param own those that are bound, which no connection may be dialled to
     * @param before the process that this one takes over from, or null
     */
    record Ports(OwnPorts own, @Nullable Takeover before) {}

    /**
     * Who the gateway is and how it judges others.
     *
     * @param source the own SVID and the trust bundle
     */
    record Identities(SvidSource source, SvidValidator validator, Observation observation, InstantSource clock) {
        static Identities of(SvidSource source, Observation observation, InstantSource clock) {
            SvidValidator validator = new SvidValidator(source::bundle, source::revocations, clock);
            observation.metrics().showSvidEnd(() -> source.svid().notAfter().getEpochSecond());
            observation.metrics().showSvidOverdue(RenewalAlarm.of(source, clock)::isRaised);
            return new Identities(source, validator, observation, clock);
        }
    }

    private static EgressLimits limits(LimitSettings limits, PeerSettings peers) {
        Http2Settings http2 = peers.http2();
        return new EgressLimits(
                limits.helloLimit(),
                limits.helloTimeout(),
                peers.handshakeTimeout(),
                limits.idleTimeout(),
                limits.tunnelTimeout(),
                limits.maxConnections(),
                new PeerLimits(
                        peers.connectionsPerSource(), peers.connectionsPerIdentity(), peers.rate(), peers.burst()),
                H2Limits.of(http2.tunnels(), http2.headerLimit(), http2.floods()));
    }

    private static TlsOptions tunnelTls(DataPlaneSettings settings) {
        boolean tickets = settings.listeners().tickets() == Tickets.ON;
        return new TlsOptions(TUNNEL_ALPN, tickets, TlsLibrary.BORINGSSL);
    }

    private static ResolverOptions resolverOptions(DestinationSettings destinations) {
        List<InetSocketAddress> servers = destinations.resolvers();
        DnsSettings dns = destinations.dns();
        return ResolverOptions.of(
                servers.isEmpty() ? ResolvConf.servers(ResolvConf.SYSTEM) : servers,
                dns.timeout(),
                new DnsLimits(dns.maxSize(), dns.maxRecords(), dns.maxCnames()));
    }

    private static List<AddressException> exceptions(DestinationSettings destinations) {
        return destinations.allowAddress().stream()
                .map(allow -> new AddressException(allow.host(), allow.block()))
                .toList();
    }

    /** Tells the bound addresses under the names of their flags. */
    @Nullable
    InetSocketAddress tunnelAddress() {
        return gateway.tunnelAddress();
    }

    void addTo(Map<String, InetSocketAddress> bound) {
        if (gateway.tunnelAddress() != null) {
            bound.put("tunnel", gateway.tunnelAddress());
        }
        if (gateway.plainAddress() != null) {
            bound.put("plain", gateway.plainAddress());
        }
    }

    /**
     * What commands on this machine need.
     *
     * @param drain how long what is no longer allowed may go on, where it may at all
     * @param status of the role
     */
    record Local(Path dataDir, Duration drain, StatusPart status) {}

    /**
     * Has open connections follow what changes, and local commands look at them; what this opens is closed by
     * {@code closing}.
     *
     * @param succession told of what to give up for the next process
     */
    void govern(DataPlaneSettings settings, Local local, Succession succession, Closing closing) {
        ChangeSettings changes = settings.changes();
        Recheck recheck = closing.add(gateway.recheck(
                services,
                identities.validator(),
                new Recheck.Rules(changes.onRevoke(), changes.onPolicyChange(), local.drain())));
        identities.source().onChange(recheck::changed);
        configuration.onChange(_ -> recheck.changed());
        try {
            ControlSocket socket = ControlSocket.open(local.dataDir(), commands(settings, local.status()));
            succession.port(closing.add(socket));
        } catch (ControlException e) {
            LOG.atWarn()
                    .log("'exeat status', 'exeat conn' and 'exeat explain --server' will not work: {}", e.getMessage());
        }
        succession.offer(local.dataDir(), gateway, closing);
    }

    private Map<String, ControlCommand> commands(DataPlaneSettings settings, StatusPart status) {
        Map<String, ControlCommand> commands =
                new HashMap<>(new ConnectionCommands(gateway.live(), gateway.limits()).all());
        commands.putAll(new StatusCommands(configuration, shadow, status).all());
        commands.putAll(new ExplainCommands(
                        configuration,
                        settings.trustDomain(),
                        identities.observation().recent(),
                        identities.observation()::recorded,
                        identities.clock())
                .all());
        return commands;
    }

    /** Lets the open connections end, for so long; an interrupt cuts the waiting short. */
    void drain(Duration limit) {
        try {
            int cut = gateway.drain(limit);
            if (cut > 0) {
                LOG.atWarn().addKeyValue("connections", cut).log("still open at the end of the drain, and cut");
            }
        } catch (InterruptedException e) {
            LOG.atWarn().addKeyValue("connections", gateway.open()).log("the drain was cut short");
        }
    }

    /** Opens log files anew and reads manifests again; those of the shadow last, so that nothing waits for them. */
    void reload() {
        identities.observation().reopen();
        configuration.reload();
        if (shadow != null) {
            shadow.reload();
        }
    }
}
