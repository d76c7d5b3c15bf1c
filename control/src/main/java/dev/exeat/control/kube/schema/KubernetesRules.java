package dev.exeat.control.kube.schema;

import com.google.re2j.Pattern;
import dev.exeat.control.kinds.Kind;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What objects of Kubernetes' own kinds must be beyond their types: of its rules those that concern what is used here. */
final class KubernetesRules {
    private static final Pattern CONFIG_KEY = Pattern.compile("[-._a-zA-Z0-9]+");
    private static final String BAD_KEY =
            "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or"
                    + " 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')";
    private static final List<String> SERVICES = List.of("ClusterIP", "ExternalName", "LoadBalancer", "NodePort");

    private KubernetesRules() {}

    /** @param errors to which those that are found are added */
    static void check(Kind kind, ObjectNode object, List<FieldError> errors) {
        PodRules pods = new PodRules(errors);
        JsonNode spec = object.path("spec");
        switch (kind.name()) {
            case "Pod" -> pods.check(spec, "spec");
            case "Deployment", "ReplicaSet" -> replicated(kind, spec, pods, errors);
            case "Service" -> service(spec, pods, errors);
            case "Event" -> place(object, errors);
            case "ConfigMap" -> List.of("data", "binaryData").forEach(map -> keys(object.path(map), map, errors));
            case "Secret" -> {
                keys(object.path("data"), "data", errors);
                if (object.path("type").asString("").equals("kubernetes.io/tls")) {
                    List.of("tls.crt", "tls.key").forEach(key -> required(object, key, errors));
                }
            }
            default -> {}
        }
    }

    private static void required(ObjectNode secret, String key, List<FieldError> errors) {
        if (!secret.path("data").has(key)) {
            errors.add(FieldError.required("data[" + key + "]", ""));
        }
    }

    private static void replicated(Kind kind, JsonNode spec, PodRules pods, List<FieldError> errors) {
        JsonNode replicas = spec.path("replicas");
        if (replicas.asInt(0) < 0) {
            errors.add(FieldError.invalid("spec.replicas", replicas, "must be greater than or equal to 0"));
        }
        JsonNode selector = spec.path("selector");
        JsonNode labels = spec.at("/template/metadata/labels");
        boolean empty = selector.path("matchLabels").isEmpty()
                && selector.path("matchExpressions").isEmpty();
        if (!selector.isObject()) {
            errors.add(FieldError.required("spec.selector", ""));
        } else if (empty) {
            errors.add(FieldError.invalid(
                    "spec.selector",
                    selector,
                    "empty selector is invalid for " + kind.name().toLowerCase(Locale.ROOT)));
        }
        if (!selector.isObject() || !PodRules.selects(selector, labels)) {
            errors.add(FieldError.invalid(
                    "spec.template.metadata.labels",
                    labels.isObject() ? labels : JsonNodeFactory.instance.nullNode(),
                    "`selector` does not match template `labels`"));
        }
        pods.check(spec.at("/template/spec"), "spec.template.spec");
        if (List.of("OnFailure", "Never")
                .contains(spec.at("/template/spec/restartPolicy").asString(""))) {
            pods.oneOf(spec.at("/template/spec"), "spec.template.spec", "restartPolicy", List.of("Always"));
        }
    }

    private static void service(JsonNode spec, PodRules pods, List<FieldError> errors) {
        boolean alias = spec.path("type").asString("").equals("ExternalName");
        if (spec.path("ports").isEmpty()
                && !alias
                && !spec.path("clusterIP").asString("").equals("None")) {
            errors.add(FieldError.required("spec.ports", ""));
        }
        pods.servicePorts(spec.path("ports"), "spec.ports");
        pods.oneOf(spec, "spec", "type", SERVICES);
    }

    private static void keys(JsonNode data, String field, List<FieldError> errors) {
        for (String key : data.propertyNames()) {
            if (!CONFIG_KEY.matches(key)) {
                errors.add(FieldError.invalid(field + "[" + key + "]", key, BAD_KEY));
            }
        }
    }

    /** An event lies where its object does; with those of the cluster in {@code default}. */
    private static void place(ObjectNode event, List<FieldError> errors) {
        String about = event.at("/involvedObject/namespace").asString("");
        String namespace = event.at("/metadata/namespace").asString("");
        if (!about.equals(namespace) && !(about.isEmpty() && namespace.equals("default"))) {
            errors.add(FieldError.invalid("involvedObject.namespace", about, "does not match event.namespace"));
        }
    }
}
