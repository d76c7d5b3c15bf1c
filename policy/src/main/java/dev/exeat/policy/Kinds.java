package dev.exeat.policy;

import dev.exeat.model.Resource;
import dev.exeat.policy.manifest.Findings;
import dev.exeat.policy.manifest.Spelling;
import dev.exeat.policy.mixer.MixerReader;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The kinds of objects that are known, and under which API versions. */
final class Kinds {
    static final String MIXER_GROUP = "config.istio.io";
    static final String NETWORKING_GROUP = "networking.istio.io";
    static final String EXEAT_GROUP = "exeat.dev";
    static final String AUTHORIZATION_POLICY = "AuthorizationPolicy";
    static final String EGRESS_POLICY = "EgressPolicy";
    static final String HOST_SET = "HostSet";

    /** What the policy makes of a kind. */
    enum Meaning {
        MIXER,
        SERVICE_ENTRY,
        GATEWAY,
        VIRTUAL_SERVICE,
        DESTINATION_RULE,
        ENVOY_FILTER,
        AUTHORIZATION_POLICY,
        EGRESS_POLICY,
        HOST_SET,
        /** Namespaces and service accounts, from which identities come. */
        IDENTITY,
        /** Objects of a cluster that nobody expects to matter here, such as a Deployment. */
        ELSEWHERE
    }

    private record Entry(Meaning meaning, Set<String> apiVersions) {}

    private static final Map<String, Entry> ENTRIES = entries();

    private Kinds() {}

    /** What an object means, or null where its kind or version is unknown, which is then reported. */
    static @Nullable Meaning meaning(Resource resource, Findings findings) {
        String kind = resource.key().kind();
        Entry entry = ENTRIES.get(kind);
        if (entry == null) {
            findings.error(
                    "unknown-kind",
                    resource.body().placeOf("kind"),
                    "kind",
                    "unknown kind \"" + kind + "\" of " + resource.apiVersion(),
                    Spelling.cure(kind, ENTRIES.keySet()));
            return null;
        }
        if (!entry.apiVersions().contains(resource.apiVersion())) {
            findings.error(
                    "unknown-version",
                    resource.body().placeOf("apiVersion"),
                    "apiVersion",
                    "objects of kind " + kind + " are not known under apiVersion " + resource.apiVersion(),
                    "use " + String.join(" or ", new TreeSet<>(entry.apiVersions())));
            return null;
        }
        return entry.meaning();
    }

    private static Map<String, Entry> entries() {
        Map<String, Entry> entries = new HashMap<>();
        add(entries, Meaning.MIXER, Set.of(MIXER_GROUP + "/v1alpha2"), MixerReader.kinds());
        Set<String> networking = versions(NETWORKING_GROUP, "v1alpha3", "v1beta1", "v1");
        add(entries, Meaning.SERVICE_ENTRY, networking, List.of("ServiceEntry"));
        add(entries, Meaning.GATEWAY, networking, List.of("Gateway"));
        add(entries, Meaning.VIRTUAL_SERVICE, networking, List.of("VirtualService"));
        add(entries, Meaning.DESTINATION_RULE, networking, List.of("DestinationRule"));
        add(entries, Meaning.ENVOY_FILTER, networking, List.of("EnvoyFilter"));
        add(
                entries,
                Meaning.AUTHORIZATION_POLICY,
                versions("security.istio.io", "v1beta1", "v1"),
                List.of(AUTHORIZATION_POLICY));
        Set<String> own = versions(EXEAT_GROUP, "v1alpha1");
        add(entries, Meaning.EGRESS_POLICY, own, List.of(EGRESS_POLICY));
        add(entries, Meaning.HOST_SET, own, List.of(HOST_SET));
        add(entries, Meaning.IDENTITY, Set.of("v1"), List.of("Namespace", "ServiceAccount"));
        add(
                entries,
                Meaning.ELSEWHERE,
                Set.of("v1"),
                List.of("Service", "ConfigMap", "Secret", "Pod", "Endpoints", "PersistentVolumeClaim", "Event"));
        add(
                entries,
                Meaning.ELSEWHERE,
                Set.of("apps/v1", "apps/v1beta1", "apps/v1beta2", "extensions/v1beta1"),
                List.of("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"));
        add(entries, Meaning.ELSEWHERE, Set.of("batch/v1", "batch/v1beta1"), List.of("Job", "CronJob"));
        add(
                entries,
                Meaning.ELSEWHERE,
                versions("rbac.authorization.k8s.io", "v1", "v1beta1"),
                List.of("Role", "RoleBinding", "ClusterRole", "ClusterRoleBinding"));
        add(entries, Meaning.ELSEWHERE, versions("certificates.k8s.io", "v1"), List.of("CertificateSigningRequest"));
        add(entries, Meaning.ELSEWHERE, versions("coordination.k8s.io", "v1"), List.of("Lease"));
        add(
                entries,
                Meaning.ELSEWHERE,
                versions("autoscaling", "v1", "v2", "v2beta1", "v2beta2"),
                List.of("HorizontalPodAutoscaler"));
        add(entries, Meaning.ELSEWHERE, versions("networking.k8s.io", "v1"), List.of("NetworkPolicy"));
        add(entries, Meaning.ELSEWHERE, versions("policy", "v1", "v1beta1"), List.of("PodDisruptionBudget"));
        return Map.copyOf(entries);
    }

    private static Set<String> versions(String group, String... versions) {
        Set<String> all = new TreeSet<>();
        for (String version : versions) {
            all.add(group + "/" + version);
        }
        return all;
    }

    private static void add(
            Map<String, Entry> entries, Meaning meaning, Set<String> apiVersions, Iterable<String> kinds) {
        for (String kind : kinds) {
            entries.put(kind, new Entry(meaning, apiVersions));
        }
    }
}
