package dev.exeat.cli.up;

import dev.exeat.cli.CommandFailure;
import dev.exeat.cli.role.Role;
import dev.exeat.cli.settings.UpSettings;
import dev.exeat.cli.up.DataPlane.Identities;
import dev.exeat.cli.up.DataPlane.Ports;
import dev.exeat.control.Configuration;
import dev.exeat.control.DataDirectory;
import dev.exeat.control.JoinedSource;
import dev.exeat.control.StoreSource;
import dev.exeat.control.access.Accounts;
import dev.exeat.control.admin.AdminServer;
import dev.exeat.control.admin.Readiness;
import dev.exeat.control.api.ApiServer;
import dev.exeat.control.api.Route;
import dev.exeat.control.api.SvidRoutes;
import dev.exeat.control.conditions.StatusWriter;
import dev.exeat.control.flows.FlowRoutes;
import dev.exeat.control.gateways.GatewayAccess;
import dev.exeat.control.gateways.GatewayReporter;
import dev.exeat.control.gateways.GatewayRoutes;
import dev.exeat.control.gateways.GatewayTokens;
import dev.exeat.control.gateways.Gateways;
import dev.exeat.control.gateways.ObjectFeed;
import dev.exeat.control.kinds.KindCatalogue;
import dev.exeat.control.kube.FirstObjects;
import dev.exeat.control.kube.KubeHandler;
import dev.exeat.control.kube.Kubeconfig;
import dev.exeat.control.kube.Served;
import dev.exeat.control.lab.Lab;
import dev.exeat.control.lab.LabNotes;
import dev.exeat.control.mirror.FileMirror;
import dev.exeat.control.store.EventExpiry;
import dev.exeat.control.store.ObjectStore;
import dev.exeat.flow.store.FlowStore;
import dev.exeat.identity.Authority;
import dev.exeat.identity.AuthoritySvidSource;
import dev.exeat.identity.SanNames;
import dev.exeat.identity.ServiceAccountRef;
import dev.exeat.identity.SvidService;
import dev.exeat.identity.SvidSource;
import dev.exeat.identity.TokenAuthority;
import dev.exeat.model.Problem;
import dev.exeat.model.Resource;
import dev.exeat.net.Takeover;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** {@code exeat up}: authority, API and gateway in one process, with its state in one directory. */
final class UpRole implements Role {
    private final UpSettings settings;
    private final String version;
    private final InstantSource clock = InstantSource.system();
    private final Closing closing = new Closing();
    private final Readiness readiness = new Readiness();
    private final Gateways gateways = closing.add(Gateways.open());
    private final Supplier<KindCatalogue> bundled = Closing.ahead("kinds", KindCatalogue::bundled);
    private @Nullable DataDirectory data;
    private final Succession succession = new Succession();
    private @Nullable Takeover takeover;
    private @Nullable ApiAccess access;
    private volatile @Nullable DataPlane dataPlane;

    UpRole(UpSettings settings, String version) {
        this.settings = settings;
        this.version = version;
    }

    @Override
    public void claim() {
        boolean takesOver = settings.dataPlane().listeners().takeover();
        if (takesOver && settings.lab().on()) {
            throw new CommandFailure(
                    "--lab and --takeover don't go together: the pods of the lab end with their process");
        }
        if (takesOver) {
            takeover = closing.add(Succession.takeOver(settings.dataDir()));
        }
        DataDirectory held = closing.add(DataDirectory.open(settings.dataDir(), "exeat up"));
        succession.exclusive(held::suspend, held::resume);
        data = held;
    }

    @Override
    public void onHandedOver(Runnable listener) {
        succession.onHandedOver(listener);
    }

    @Override
    public Map<String, InetSocketAddress> start(Consumer<Throwable> onFault) {
        try {
            return begin();
        } catch (RuntimeException e) {
            closing.close();
            throw e;
        }
    }

    private DataDirectory held() {
        return Objects.requireNonNull(data, "the data directory is claimed before the start");
    }

    private Map<String, InetSocketAddress> begin() {
        Path directory = held().path();
        String trustDomain = settings.dataPlane().trustDomain();
        Supplier<Observation> observation = closing.addAhead(
                "observation", () -> Observation.open(version, settings.dataPlane(), settings.dataDir(), clock));
        Supplier<ObjectStore> opening =
                closing.addAhead("store", () -> ObjectStore.open(directory.resolve(ObjectStore.FILE)));
        Authority authority = closing.add(
                Authority.open(directory, trustDomain, settings.authority().svidTtl(), clock));
        succession.exclusive(authority::suspend, authority::resume);
        BundleFile.write(held().bundleFile(), authority.bundle().toPem(trustDomain));
        SanNames names = SanNames.loopbackAnd(settings.authority().gatewayNames());
        SvidSource own = closing.add(
                AuthoritySvidSource.open(authority, ServiceAccountRef.GATEWAY.spiffeId(trustDomain), names, clock));
        SvidSource source = Federation.over(own, settings.dataPlane().federated(), closing);
        ObjectStore store = opening.get();
        succession.exclusive(store::close, store::resume);
        FirstObjects.write(store, clock);
        Configuration configuration = DataPlane.configure(
                settings.dataPlane(), files -> new JoinedSource(files, new StoreSource(store)), closing, clock);
        TokenAuthority tokens = TokenAuthority.open(directory, clock);
        Accounts accounts =
                new Accounts(store, account -> configuration.knowsServiceAccount(account.namespace(), account.name()));
        SvidService issuing = new SvidService(authority, tokens, accounts::has, names);
        access = ApiAccess.open(
                directory,
                store,
                kinds(),
                new ApiAccess.Identities(tokens, authority::revocations, accounts, issuing),
                closing,
                clock);
        List<Route> routes = new ArrayList<>(new SvidRoutes(issuing, source, trustDomain).routes());
        GatewayAccess ofGateways = new GatewayTokens(tokens);
        routes.addAll(new GatewayRoutes(gateways, ofGateways).routes());
        routes.addAll(new ObjectFeed(store, ofGateways).routes());
        show(configuration, store);
        FlowStore flows = observation.get().flows();
        if (flows != null) {
            routes.addAll(new FlowRoutes(flows, access.control(), clock).routes());
        }
        return serve(new Parts(source, configuration, store, authority, routes, observation.get()));
    }

    /** The store shows the objects of files too, and what is enforced by whom; the own gateway is one of those. */
    private void show(Configuration configuration, ObjectStore store) {
        closing.add(GatewayReporter.start(configuration, self(), gateways::report));
        closing.add(FileMirror.start(configuration, store, kinds(), clock));
        closing.add(EventExpiry.start(store, clock));
    }

    /** What became of the objects is said last, for it takes long where there are many. */
    private void tell(Parts parts) {
        String own = self().name();
        closing.add(StatusWriter.start(
                parts.store(), bundled.get(), parts.configuration(), new StatusWriter.Fleet(gateways, own), clock));
    }

    private GatewayReporter.Self self() {
        return SelfReport.of(settings.dataPlane(), settings.dataDir(), version, clock);
    }

    private StatusPart status(ObjectStore store) {
        return new GatewayStatus(gateways, store::resourceVersion);
    }

    /** What is there before anything is served. */
    private record Parts(
            SvidSource source,
            Configuration configuration,
            ObjectStore store,
            Authority authority,
            List<Route> routes,
            Observation observation) {}

    private Map<String, InetSocketAddress> serve(Parts parts) {
        SvidSource source = parts.source();
        readiness.require("listeners", () -> dataPlane == null ? "not bound yet" : "");
        readiness.require("identity", () -> Validity.problem(source.svid(), clock));
        OwnPorts ports = new OwnPorts();
        DataPlane plane = DataPlane.start(
                settings.dataPlane(),
                parts.configuration(),
                Identities.of(source, parts.observation(), clock),
                new Ports(ports, takeover),
                closing);
        dataPlane = plane;
        if (takeover != null) {
            takeover.serving();
        }
        ApiAccess with = Objects.requireNonNull(access, "access is decided before the API is served");
        KubeHandler objects = new KubeHandler(served(parts, plane), parts.store(), check(parts), with.control(), clock);
        ApiServer api = succession.port(closing.add(ApiServer.start(
                settings.authority().api(),
                source,
                new ApiServer.Objects(objects, with.clientRoot()),
                parts.routes())));
        Kubeconfig.write(held().path(), api.address(), bundle(source), with.operator());
        ports.add(api.address());
        AdminServer admin = succession.port(closing.add(AdminServer.start(
                settings.dataPlane().listeners().admin(),
                readiness,
                parts.observation().metrics())));
        ports.add(admin.address());
        DataPlane.Local local =
                new DataPlane.Local(held().path(), settings.role().drain(), status(parts.store()));
        plane.govern(settings.dataPlane(), local, succession, closing);
        tell(parts);
        Map<String, InetSocketAddress> bound = new LinkedHashMap<>();
        plane.addTo(bound);
        bound.put("api", api.address());
        bound.put("admin", admin.address());
        return bound;
    }

    private KindCatalogue kinds() {
        return settings.lab().on() ? bundled.get().andLab() : bundled.get();
    }

    private Served served(Parts parts, DataPlane plane) {
        InetSocketAddress gateway = plane.tunnelAddress();
        if (!settings.lab().on() || gateway == null) {
            return Served.of(kinds());
        }
        Lab lab = LabPart.start(
                new LabPart.Surroundings(held().path(), parts.authority(), parts.store(), parts.observation(), clock),
                settings,
                gateway,
                closing);
        return new Served(kinds(), lab.subresources());
    }

    private Function<Resource, List<Problem>> check(Parts parts) {
        Function<Resource, List<Problem>> policy = parts.configuration()::check;
        return settings.lab().on()
                ? resource -> Stream.concat(policy.apply(resource).stream(), LabNotes.of(resource).stream())
                        .toList()
                : policy;
    }

    private String bundle(SvidSource source) {
        return source.bundle().toPem(settings.dataPlane().trustDomain());
    }

    @Override
    public void reload() {
        DataPlane plane = dataPlane;
        if (plane != null) {
            plane.reload();
        }
    }

    @Override
    public void stop(Duration drain) {
        readiness.drain();
        DataPlane plane = dataPlane;
        if (plane != null) {
            plane.drain(drain);
        }
        closing.close();
    }
}
