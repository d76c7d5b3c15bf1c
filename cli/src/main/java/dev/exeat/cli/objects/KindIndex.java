package dev.exeat.cli.objects;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** The kinds that the server has (Kubernetes API concepts, "Aggregated discovery"). Immutable. */
final class KindIndex {
    private static final String ACCEPT = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,"
            + "application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json";

    private final List<ResourceKind> kinds;

    private KindIndex(List<ResourceKind> kinds) {
        this.kinds = List.copyOf(kinds);
    }

    static KindIndex of(ApiClient client) {
        List<ResourceKind> kinds = new ArrayList<>();
        for (String path : List.of("/api", "/apis")) {
            for (JsonNode group : client.get(path, ACCEPT).path("items")) {
                for (JsonNode version : group.path("versions")) {
                    version.path("resources").forEach(resource -> kinds.add(kind(group, version, resource)));
                }
            }
        }
        return new KindIndex(kinds);
    }

    private static ResourceKind kind(JsonNode group, JsonNode version, JsonNode resource) {
        List<String> shortNames = new ArrayList<>();
        resource.path("shortNames").forEach(name -> shortNames.add(name.asString("")));
        return new ResourceKind(
                group.at("/metadata/name").asString(""),
                version.path("version").asString(""),
                resource.at("/responseKind/kind").asString(""),
                resource.path("resource").asString(""),
                resource.path("singularResource").asString(""),
                shortNames,
                resource.path("scope").asString("").equals("Namespaced"));
    }

    Optional<ResourceKind> find(String apiVersion, String kind) {
        return kinds.stream()
                .filter(known ->
                        known.apiVersion().equals(apiVersion) && known.kind().equals(kind))
                .findFirst();
    }

    /**
     * By what people call it: plural, singular or short name, alone or as {@code rules.config.istio.io} or
     * {@code rules.v1alpha2.config.istio.io}.
     *
     * @throws ObjectException if there is none
     */
    ResourceKind named(String word) {
        String lower = word.toLowerCase(Locale.ROOT);
        int dot = lower.indexOf('.');
        String name = dot < 0 ? lower : lower.substring(0, dot);
        String rest = dot < 0 ? "" : lower.substring(dot + 1);
        return kinds.stream()
                .filter(kind -> kind.isNamed(name) && isWithin(kind, rest))
                .findFirst()
                .orElseThrow(() -> ObjectException.of("the server doesn't have a resource type \"" + name + "\""));
    }

    private static boolean isWithin(ResourceKind kind, String rest) {
        return rest.isEmpty() || rest.equals(kind.group()) || rest.equals(kind.version() + "." + kind.group());
    }
}
