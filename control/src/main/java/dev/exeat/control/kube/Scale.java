package dev.exeat.control.kube;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The scale subresource of deployments: how many replicas there are to be ({@code autoscaling/v1}). */
final class Scale {
    private static final int MOST = 1000;

    private Scale() {}

    static boolean has(KubeRequest request) {
        return request.subresource().equals("scale")
                && request.kind().group().equals("apps")
                && !request.name().isEmpty();
    }

    static ObjectNode of(ObjectNode deployment) {
        JsonNode metadata = deployment.path("metadata");
        ObjectNode scale =
                JsonNodeFactory.instance.objectNode().put("kind", "Scale").put("apiVersion", "autoscaling/v1");
        ObjectNode own = scale.putObject("metadata");
        for (String field : new String[] {"name", "namespace", "uid", "resourceVersion", "creationTimestamp"}) {
            own.set(field, metadata.path(field));
        }
        scale.putObject("spec").put("replicas", deployment.at("/spec/replicas").asInt(1));
        StringBuilder selector = new StringBuilder();
        deployment
                .at("/spec/selector/matchLabels")
                .properties()
                .forEach(label -> selector.append(selector.isEmpty() ? "" : ",")
                        .append(label.getKey())
                        .append('=')
                        .append(label.getValue().asString("")));
        scale.putObject("status")
                .put("replicas", deployment.at("/status/replicas").asInt(0))
                .put("selector", selector.toString());
        return scale;
    }

    /**
     * What a written scale makes of the deployment.
     *
     * @param change a scale, a merge patch of one, or operations of a JSON patch
     * @throws KubeException if there is no number of replicas in it
     */
    static ObjectNode changed(ObjectNode deployment, JsonNode change) {
        ObjectNode scale = switch (change) {
            case ObjectNode object -> Patches.merge(of(deployment), object);
            case ArrayNode operations -> Patches.apply(of(deployment), operations);
            default -> throw KubeException.badRequest("the body of the request is no scale");
        };
        JsonNode replicas = scale.at("/spec/replicas");
        if (!replicas.isInt() || replicas.asInt() < 0 || replicas.asInt() > MOST) {
            throw KubeException.badRequest("spec.replicas: Invalid value: must be a number from 0 to " + MOST);
        }
        ObjectNode changed = deployment.deepCopy();
        JsonNode spec = changed.get("spec");
        (spec instanceof ObjectNode object ? object : changed.putObject("spec")).put("replicas", replicas.asInt());
        return changed;
    }
}
