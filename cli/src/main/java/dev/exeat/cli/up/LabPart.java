package dev.exeat.cli.up;

import dev.exeat.cli.lab.PodProxies;
import dev.exeat.cli.lab.PodRuntimes;
import dev.exeat.cli.settings.DataPlaneSettings;
import dev.exeat.cli.settings.UpSettings;
import dev.exeat.control.lab.Lab;
import dev.exeat.control.lab.PodLog;
import dev.exeat.control.lab.PodRuntime;
import dev.exeat.control.lab.StandIn;
import dev.exeat.control.store.ObjectStore;
import dev.exeat.flow.EnvoyLine;
import dev.exeat.flow.Metrics;
import dev.exeat.identity.Authority;
import dev.exeat.policy.GatewayWorkload;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The lab of {@code exeat up}. */
final class LabPart {
    private static final String MIXER_NAMESPACE = "istio-system";
    private static final String MIXER = "istio-mixer-type";

    private LabPart() {}

    /** What the lab needs of the process that it is in. */
    record Surroundings(
            Path dataDir, Authority authority, ObjectStore store, Observation observation, InstantSource clock) {}

    static Lab start(Surroundings around, UpSettings settings, InetSocketAddress gateway, Closing closing) {
        Metrics metrics = around.observation().metrics();
        PodProxies proxies = closing.add(new PodProxies(
                new PodProxies.Gateway(gateway, settings.dataPlane().trustDomain()),
                around.authority(),
                new WorkloadReport(metrics),
                around.clock()));
        PodRuntime runtime = PodRuntimes.choose(
                settings.lab().pods(),
                proxies,
                new PodRuntimes.Place(
                        around.dataDir().resolve("lab"), System.getenv(), result -> metrics.answered(result.code())));
        return closing.add(Lab.start(around.store(), runtime, standIns(around, settings.dataPlane()), around.clock()));
    }

    /** Where people who know Mixer look for its lines, and for the gateway's. */
    private static List<StandIn> standIns(Surroundings around, DataPlaneSettings settings) {
        Observation observation = around.observation();
        PodLog mixer = new PodLog(around.clock());
        observation.streams().onStandardLine(mixer::append);
        PodLog gateway = new PodLog(around.clock());
        observation.recent().onRecord(record -> gateway.append(EnvoyLine.of(record)));
        GatewayWorkload self = GatewayAccount.workload(settings.policy().compat(), settings.trustDomain());
        Map<String, String> labels = new HashMap<>(GatewayAccount.labels(settings.policy()));
        labels.putIfAbsent("app", self.name());
        List<StandIn> standIns = new ArrayList<>();
        standIns.add(new StandIn(self.namespace(), self.name(), labels, "istio-proxy", gateway));
        standIns.add(new StandIn(
                MIXER_NAMESPACE,
                "istio-telemetry",
                Map.of("app", "telemetry", "istio", "mixer", MIXER, "telemetry"),
                "mixer",
                mixer));
        standIns.add(new StandIn(
                MIXER_NAMESPACE,
                "istio-policy",
                Map.of("app", "policy", "istio", "mixer", MIXER, "policy"),
                "mixer",
                new PodLog(around.clock())));
        return standIns;
    }
}
