package dev.exeat.cli.up;

import dev.exeat.cli.role.Role;
import dev.exeat.cli.settings.Enrolment;
import dev.exeat.cli.settings.GatewaySettings;
import dev.exeat.cli.settings.IdentitySource;
import dev.exeat.cli.up.DataPlane.Identities;
import dev.exeat.cli.up.DataPlane.Ports;
import dev.exeat.control.Configuration;
import dev.exeat.control.DataDirectory;
import dev.exeat.control.JoinedSource;
import dev.exeat.control.admin.AdminServer;
import dev.exeat.control.admin.Readiness;
import dev.exeat.control.gateways.GatewayReporter;
import dev.exeat.control.remote.RemoteSource;
import dev.exeat.control.remote.ReportClient;
import dev.exeat.identity.DirectorySvidSource;
import dev.exeat.identity.KeptSvid;
import dev.exeat.identity.ServerSvidOptions;
import dev.exeat.identity.ServerSvidSource;
import dev.exeat.identity.SvidSource;
import dev.exeat.net.Takeover;
import dev.exeat.proxy.OuterTls;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** {@code exeat gateway}: the data plane alone, with an SVID from elsewhere. */
final class GatewayRole implements Role {
    private final GatewaySettings settings;
    private final String version;
    private final InstantSource clock = InstantSource.system();
    private final Closing closing = new Closing();
    private final Readiness readiness = new Readiness();
    private final Succession succession = new Succession();
    private @Nullable Takeover takeover;
    private @Nullable RemoteSource remote;
    private volatile @Nullable DataPlane dataPlane;

    GatewayRole(GatewaySettings settings, String version) {
        this.settings = settings;
        this.version = version;
    }

    @Override
    public void claim() {
        if (settings.dataPlane().listeners().takeover()) {
            takeover = closing.add(Succession.takeOver(settings.dataDir()));
        }
        DataDirectory data = closing.add(DataDirectory.open(settings.dataDir(), "exeat gateway"));
        succession.exclusive(data::suspend, data::resume);
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

    private Map<String, InetSocketAddress> begin() {
        // The three that take longest need nothing of each other.
        Supplier<Observation> seen = closing.addAhead(
                "observation", () -> Observation.open(version, settings.dataPlane(), settings.dataDir(), clock));
        Supplier<SvidSource> identity =
                closing.addAhead("identity", () -> identity(settings.identity(), settings.dataDir(), clock));
        Configuration configuration = configure(closing.addAhead("objects", this::follow));
        Observation observation = seen.get();
        SvidSource source = Federation.over(identity.get(), settings.dataPlane().federated(), closing);
        OwnPorts ports = new OwnPorts();
        requireServing(source);
        DataPlane plane = DataPlane.start(
                settings.dataPlane(),
                configuration,
                Identities.of(source, observation, clock),
                new Ports(ports, takeover),
                closing);
        dataPlane = plane;
        if (takeover != null) {
            takeover.serving();
        }
        AdminServer admin = succession.port(closing.add(
                AdminServer.start(settings.dataPlane().listeners().admin(), readiness, observation.metrics())));
        ports.add(admin.address());
        plane.govern(
                settings.dataPlane(),
                new DataPlane.Local(settings.dataDir(), settings.role().drain(), status(observation)),
                succession,
                closing);
        report(configuration);
        Map<String, InetSocketAddress> bound = new LinkedHashMap<>();
        plane.addTo(bound);
        bound.put("admin", admin.address());
        return bound;
    }

    /** Nothing to close where no server is followed. */
    private Followed follow() {
        Enrolment server = settings.server();
        return new Followed(server == null ? null : RemoteSource.open(options(server), settings.dataDir(), clock));
    }

    /** The objects of a server, if one is given. */
    private record Followed(@Nullable RemoteSource source) implements AutoCloseable {
        @Override
        public void close() {
            if (source != null) {
                source.close();
            }
        }
    }

    private Configuration configure(Supplier<Followed> followed) {
        return DataPlane.configure(
                settings.dataPlane(),
                files -> {
                    RemoteSource objects = followed.get().source();
                    remote = objects;
                    return objects == null ? files : new JoinedSource(files, objects);
                },
                closing,
                clock);
    }

    private StatusPart status(Observation observation) {
        RemoteStatus status = new RemoteStatus(remote, clock);
        status.show(observation.metrics());
        return status;
    }

    private void report(Configuration configuration) {
        Enrolment server = settings.server();
        if (server != null) {
            ReportClient client = closing.add(new ReportClient(options(server), clock));
            // A process that is taken over from does not speak for its successor.
            succession.port(closing.add(GatewayReporter.start(
                    configuration, SelfReport.of(settings.dataPlane(), settings.dataDir(), version, clock), client)));
        }
    }

    private static ServerSvidOptions options(Enrolment server) {
        return new ServerSvidOptions(server.server(), server.caFile(), server.tokenFile());
    }

    private void requireServing(SvidSource source) {
        readiness.require("listeners", () -> dataPlane == null ? "not bound yet" : "");
        readiness.require("identity", () -> Validity.problem(source.svid(), clock));
    }

    private static SvidSource identity(IdentitySource identity, Path dataDir, InstantSource clock) {
        return switch (identity) {
            case IdentitySource.SvidDirectory(var directory) ->
                DirectorySvidSource.open(directory, clock, OuterTls.KEY_MATCH);
            case IdentitySource.Server(var enrolment) ->
                ServerSvidSource.keeping(
                        options(enrolment),
                        clock,
                        ServerSvidSource.OFTEN,
                        ServerSvidSource.PATIENCE,
                        new KeptSvid(dataDir.resolve(KeptSvid.DIRECTORY), OuterTls.KEY_MATCH));
        };
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
