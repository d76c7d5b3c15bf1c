package dev.exeat.cli.up;

import dev.exeat.cli.settings.Compat;
import dev.exeat.cli.settings.DataPlaneSettings;
import dev.exeat.cli.settings.PolicySettings;
import dev.exeat.flow.profile.LogOrigin;
import dev.exeat.identity.ServiceAccountRef;
import dev.exeat.policy.GatewayWorkload;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The gateway as a workload, as policy expressions see it: its labels and names. */
public final class GatewayAccount {
    /** What Istio's task on wildcard hosts generates for its second egress gateway. */
    private static final String MIXER_NAME = "istio-egressgateway-with-sni-proxy";

    private static final String MIXER_NAMESPACE = "istio-system";

    private GatewayAccount() {}

    /** The labels of {@code --compat} and those of {@code --label}, which win. */
    public static Map<String, String> labels(PolicySettings policy) {
        Map<String, String> labels = new HashMap<>();
        if (policy.compat() == Compat.MIXER) {
            labels.put("app", MIXER_NAME);
            labels.put("istio", "egressgateway-with-sni-proxy");
        }
        labels.putAll(policy.labels());
        return labels;
    }

    /** Who writes the gateway's logs. */
    static LogOrigin origin(String version, DataPlaneSettings settings) {
        return new LogOrigin(
                version,
                MachineName.get(),
                labels(settings.policy()).getOrDefault("app", "unknown"),
                workload(settings.policy().compat(), settings.trustDomain()).name());
    }

    public static GatewayWorkload workload(@Nullable Compat compat, String trustDomain) {
        ServiceAccountRef own = ServiceAccountRef.GATEWAY;
        String principal = own.spiffeId(trustDomain).principal();
        if (compat == Compat.MIXER) {
            return new GatewayWorkload(
                    "kubernetes://" + MIXER_NAME + "." + MIXER_NAMESPACE,
                    MIXER_NAME,
                    MIXER_NAMESPACE,
                    MIXER_NAME + "-service-account",
                    principal);
        }
        return new GatewayWorkload(
                "kubernetes://" + own.name() + "." + own.namespace(),
                own.name(),
                own.namespace(),
                own.name(),
                principal);
    }
}
