package dev.exeat.cli.up;

import dev.exeat.cli.role.Role;
import dev.exeat.cli.settings.Enrolment;
import dev.exeat.cli.settings.LimitSettings;
import dev.exeat.cli.settings.ProxySettings;
import dev.exeat.control.admin.AdminServer;
import dev.exeat.control.admin.Readiness;
import dev.exeat.flow.Metrics;
import dev.exeat.identity.RenewalAlarm;
import dev.exeat.identity.ServerSvidOptions;
import dev.exeat.identity.ServerSvidSource;
import dev.exeat.identity.ServiceAccountRef;
import dev.exeat.identity.SvidSource;
import dev.exeat.identity.SvidValidator;
import dev.exeat.model.ListenerKind;
import dev.exeat.model.SpiffeId;
import dev.exeat.net.EventLoops;
import dev.exeat.net.LoopOptions;
import dev.exeat.net.TlsOptions;
import dev.exeat.proxy.EgressLimits;
import dev.exeat.proxy.GatewayVerifier;
import dev.exeat.proxy.OuterTls;
import dev.exeat.proxy.capture.DnsAnswers;
import dev.exeat.proxy.capture.DnsResponder;
import dev.exeat.proxy.capture.ReservedAddresses;
import dev.exeat.proxy.dns.ResolvConf;
import dev.exeat.proxy.workload.OnDeny;
import dev.exeat.proxy.workload.WorkloadProxy;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code exeat proxy}: the workload's side. */
final class ProxyRole implements Role {
    private static final Logger LOG = LoggerFactory.getLogger(ProxyRole.class);
    private static final TlsOptions TLS = new TlsOptions(List.of("h2"));

    private final ProxySettings settings;
    private final String version;
    private final InstantSource clock = InstantSource.system();
    private final Closing closing = new Closing();
    private final Readiness readiness = new Readiness();
    private @Nullable WorkloadProxy proxy;

    ProxyRole(ProxySettings settings, String version) {
        this.settings = settings;
        this.version = version;
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
        Enrolment enrolment = settings.enrolment();
        Supplier<SvidSource> identity = closing.addAhead(
                "identity",
                () -> ServerSvidSource.open(
                        new ServerSvidOptions(enrolment.server(), enrolment.caFile(), enrolment.tokenFile()),
                        clock,
                        ServerSvidSource.SELDOM,
                        ServerSvidSource.PATIENCE));
        Metrics metrics = new Metrics(version);
        EventLoops loops =
                closing.add(EventLoops.start(new LoopOptions(settings.limits().loops(), "proxy")));
        // What probes the process sees why it is not ready while it waits for its first SVID.
        readiness.require("identity", () -> "no SVID yet; asking " + enrolment.server());
        AdminServer admin = closing.add(AdminServer.start(settings.admin(), readiness, metrics));
        SvidSource source = identity.get();
        metrics.showSvidEnd(() -> source.svid().notAfter().getEpochSecond());
        metrics.showSvidOverdue(RenewalAlarm.of(source, clock)::isRaised);
        SvidValidator validator = new SvidValidator(source::bundle, source::revocations, clock);
        SpiffeId gateway = settings.gatewayId() != null
                ? settings.gatewayId()
                : ServiceAccountRef.GATEWAY.spiffeId(source.svid().id().trustDomain());
        OuterTls tls = closing.add(OuterTls.client(source, new GatewayVerifier(validator, gateway), TLS));
        ReservedAddresses reserved =
                new ReservedAddresses(settings.capture().reservedRanges(), ResolvConf.searchDomains(ResolvConf.SYSTEM));
        WorkloadProxy started =
                closing.add(WorkloadProxy.start(options(reserved), loops, tls, source, new WorkloadReport(metrics)));
        proxy = started;
        for (ListenerKind listener : List.of(ListenerKind.WORKLOAD, ListenerKind.TRANSPARENT)) {
            metrics.showActive(listener, () -> started.open(listener));
        }
        readiness.require("gateway", () -> started.isConnected() ? "" : "no connection to a gateway");
        readiness.require("identity", () -> Validity.problem(source.svid(), clock));
        LOG.atInfo()
                .addKeyValue("identity", source.svid().id())
                .addKeyValue("gateway", gateway)
                .log("workload proxy started");
        Map<String, InetSocketAddress> bound = new LinkedHashMap<>();
        bound.put("listen", started.address());
        putAll(bound, "transparent", started.transparentAddresses());
        putAll(bound, "dns", startResponders(new DnsAnswers(reserved), metrics));
        bound.put("admin", admin.address());
        return bound;
    }

    private List<InetSocketAddress> startResponders(DnsAnswers answers, Metrics metrics) {
        List<InetSocketAddress> addresses = new ArrayList<>();
        for (InetSocketAddress address : settings.capture().dns()) {
            addresses.add(closing.add(DnsResponder.start(address, answers, result -> metrics.answered(result.code())))
                    .address());
        }
        return addresses;
    }

    /** The first under the option's own name, the others with a number. */
    private static void putAll(Map<String, InetSocketAddress> bound, String option, List<InetSocketAddress> addresses) {
        for (int i = 0; i < addresses.size(); i++) {
            bound.put(i == 0 ? option : option + "-" + (i + 1), addresses.get(i));
        }
    }

    private WorkloadProxy.Options options(ReservedAddresses reserved) {
        return new WorkloadProxy.Options(
                settings.listen(),
                settings.gateways(),
                switch (settings.onDeny()) {
                    case HTTP -> OnDeny.HTTP;
                    case ALERT -> OnDeny.ALERT;
                },
                limits(settings.limits()),
                settings.capture().transparent(),
                reserved);
    }

    private static EgressLimits limits(LimitSettings limits) {
        EgressLimits usual = EgressLimits.DEFAULT;
        return new EgressLimits(
                limits.helloLimit(),
                limits.helloTimeout(),
                usual.handshakeDeadline(),
                limits.idleTimeout(),
                limits.tunnelTimeout(),
                limits.maxConnections(),
                usual.peers(),
                usual.http2());
    }

    @Override
    public void reload() {
        LOG.info("nothing to reload: the token is read anew at each renewal");
    }

    @Override
    public void stop(Duration drain) {
        readiness.drain();
        WorkloadProxy running = proxy;
        if (running != null) {
            try {
                int cut = running.drain(drain);
                if (cut > 0) {
                    LOG.atWarn().addKeyValue("connections", cut).log("still open at the end of the drain, and cut");
                }
            } catch (InterruptedException e) {
                LOG.warn("the drain was cut short");
            }
        }
        closing.close();
    }
}
