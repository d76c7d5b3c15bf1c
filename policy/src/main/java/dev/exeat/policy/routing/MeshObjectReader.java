package dev.exeat.policy.routing;

import dev.exeat.model.ObjectKey;
import dev.exeat.policy.manifest.Field;
import dev.exeat.policy.manifest.Fields;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Reads DestinationRule and EnvoyFilter objects, and says what becomes of them here. */
public final class MeshObjectReader {
    private static final Map<String, String> FILTERS = Map.of(
            "envoy.filters.network.forward_downstream_sni",
            "the name of the application's hello is the one that the tunnel is opened for",
            "forward_downstream_sni",
            "the name of the application's hello is the one that the tunnel is opened for",
            "envoy.filters.network.sni_verifier",
            "the names that a client gives must agree, or it is refused",
            "sni_verifier",
            "the names that a client gives must agree, or it is refused");

    private MeshObjectReader() {}

    /** TLS between workload proxy and gateway is always mutual, and that of the application is passed on as it is. */
    public static MeshObject readDestinationRule(ObjectKey key, Fields spec) {
        String host = spec.requiredText("host");
        spec.accept("traffic_policy", "subsets", "export_to", "workload_selector");
        spec.done();
        return new MeshObject(
                key,
                "nothing is set for " + host
                        + ": workload proxies speak mutual TLS to the gateway, and the gateway passes"
                        + " the application's TLS on as it is");
    }

    /** The two filters that Istio's pages on wildcard hosts need are built in; others cannot be had. */
    public static MeshObject readEnvoyFilter(ObjectKey key, Fields spec) {
        List<String> effects = new ArrayList<>();
        spec.accept("workload_labels", "workload_selector", "priority");
        for (Field item : spec.items("filters")) {
            Fields filter = spec.mapping(item);
            if (filter != null) {
                filter.accept("listener_match", "insert_position", "filter_type", "filter_config");
                filter(filter, "filter_name", effects);
                filter.done();
            }
        }
        for (Field item : spec.items("config_patches")) {
            Fields patch = spec.mapping(item);
            if (patch != null) {
                patch.accept("apply_to", "match");
                patch(patch, effects);
                patch.done();
            }
        }
        spec.done();
        if (effects.isEmpty() && !spec.findings().hasErrors()) {
            spec.missing("config_patches");
        }
        return new MeshObject(key, "built in: " + String.join("; ", effects));
    }

    private static void patch(Fields patch, List<String> effects) {
        Fields change = patch.mapping("patch");
        Fields value = change == null ? null : change.mapping("value");
        if (change == null || value == null) {
            patch.missing("patch.value");
            return;
        }
        change.accept("operation", "filter_class");
        value.accept("config", "typed_config");
        filter(value, "name", effects);
    }

    private static void filter(Fields fields, String name, List<String> effects) {
        String filter = fields.requiredText(name);
        if (filter == null) {
            return;
        }
        String effect = FILTERS.get(filter);
        if (effect == null) {
            fields.findings()
                    .error(
                            "unsupported",
                            fields.place(name),
                            fields.path(name),
                            "Exeat has no filter \"" + filter + "\"",
                            "forward_downstream_sni and sni_verifier are built in; others cannot be had");
        } else {
            effects.add(effect);
        }
    }
}
