package dev.exeat.control.kube.schema;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** What the spec of a pod must be, alone or in the template of a deployment, in the words of an API server. */
final class PodRules {
    private static final int MOST_PORT = 65_535;
    private static final String PORT_RANGE = "must be between 1 and 65535, inclusive";
    private static final String NAME = "name";
    private static final List<String> PROTOCOLS = List.of("SCTP", "TCP", "UDP");
    private static final List<String> PULL_POLICIES = List.of("Always", "IfNotPresent", "Never");
    private static final List<String> MESSAGES = List.of("File", "FallbackToLogsOnError");
    private static final List<String> RESTARTS = List.of("Always", "OnFailure", "Never");
    private static final List<String> DNS = List.of("ClusterFirstWithHostNet", "ClusterFirst", "Default", "None");

    private final List<FieldError> errors;

    /** @param errors to which those that are found are added */
    PodRules(List<FieldError> errors) {
        this.errors = errors;
    }

    void check(JsonNode spec, String path) {
        Set<String> volumes = new HashSet<>();
        each(spec, path, "volumes", (volume, field) -> named(volume, field, volumes));
        if (spec.path("containers").isEmpty()) {
            errors.add(FieldError.required(Paths.field(path, "containers"), ""));
        }
        Set<String> names = new HashSet<>();
        for (String list : List.of("containers", "initContainers")) {
            each(spec, path, list, (container, field) -> container(container, field, names, volumes));
        }
        oneOf(spec, path, "restartPolicy", RESTARTS);
        oneOf(spec, path, "dnsPolicy", DNS);
    }

    /** One by one, with their paths. */
    private interface Item {
        void check(JsonNode item, String path);
    }

    private static void each(JsonNode object, String path, String list, Item item) {
        for (int i = 0; i < object.path(list).size(); i++) {
            item.check(object.path(list).get(i), Paths.item(Paths.field(path, list), i));
        }
    }

    private void container(JsonNode container, String path, Set<String> names, Set<String> volumes) {
        String name = container.path(NAME).asString("");
        if (name.isEmpty()) {
            errors.add(FieldError.required(Paths.field(path, NAME), ""));
        } else {
            MetadataRules.label(name, Paths.field(path, NAME), errors);
        }
        if (container.path("image").asString("").isBlank()) {
            errors.add(FieldError.required(Paths.field(path, "image"), ""));
        }
        oneOf(container, path, "terminationMessagePolicy", MESSAGES);
        each(container, path, "ports", this::port);
        each(container, path, "env", (variable, field) -> {
            if (variable.path(NAME).asString("").isEmpty()) {
                errors.add(FieldError.required(Paths.field(field, NAME), ""));
            }
        });
        each(container, path, "volumeMounts", (mount, field) -> {
            JsonNode volume = mount.path(NAME);
            if (!volumes.contains(volume.asString(""))) {
                errors.add(FieldError.notFound(Paths.field(field, NAME), volume));
            }
        });
        oneOf(container, path, "imagePullPolicy", PULL_POLICIES);
        if (!name.isEmpty() && !names.add(name)) {
            errors.add(FieldError.duplicate(Paths.field(path, NAME), container.path(NAME)));
        }
    }

    private void named(JsonNode item, String path, Set<String> names) {
        String name = item.path(NAME).asString("");
        if (name.isEmpty()) {
            errors.add(FieldError.required(Paths.field(path, NAME), ""));
            return;
        }
        MetadataRules.label(name, Paths.field(path, NAME), errors);
        if (!names.add(name)) {
            errors.add(FieldError.duplicate(Paths.field(path, NAME), item.path(NAME)));
        }
    }

    private void port(JsonNode port, String path) {
        if (port.path("containerPort").asInt(0) == 0) {
            errors.add(FieldError.required(Paths.field(path, "containerPort"), ""));
        } else {
            range(port.path("containerPort"), Paths.field(path, "containerPort"));
        }
        oneOf(port, path, "protocol", PROTOCOLS);
    }

    /** The ports of a service. */
    void servicePorts(JsonNode ports, String path) {
        for (int i = 0; i < ports.size(); i++) {
            JsonNode port = ports.get(i);
            String field = Paths.item(path, i);
            if (ports.size() > 1 && port.path(NAME).asString("").isEmpty()) {
                errors.add(FieldError.required(Paths.field(field, NAME), ""));
            }
            range(port.path("port"), Paths.field(field, "port"));
            oneOf(port, field, "protocol", PROTOCOLS);
        }
    }

    private void range(JsonNode port, String path) {
        int number = port.asInt(0);
        if (number < 1 || number > MOST_PORT) {
            errors.add(FieldError.invalid(path, port, PORT_RANGE));
        }
    }

    /** That a text is one of those that there are; absent and empty ones are filled in. */
    void oneOf(JsonNode object, String path, String name, List<String> values) {
        JsonNode value = object.path(name);
        if (value.isString() && !value.asString().isEmpty() && !values.contains(value.asString())) {
            errors.add(FieldError.unsupported(Paths.field(path, name), value, texts(values)));
        }
    }

    private static List<JsonNode> texts(List<String> values) {
        return values.stream().map(FieldError::text).toList();
    }

    /** Whether a selector of labels, by both of its forms, picks what has these labels. */
    static boolean selects(JsonNode selector, JsonNode labels) {
        for (Map.Entry<String, JsonNode> label : selector.path("matchLabels").properties()) {
            if (!label.getValue().equals(labels.path(label.getKey()))) {
                return false;
            }
        }
        for (JsonNode expression : selector.path("matchExpressions")) {
            JsonNode label = labels.path(expression.path("key").asString(""));
            boolean among = expression.path("values").valueStream().anyMatch(label::equals);
            boolean holds = switch (expression.path("operator").asString("")) {
                case "In" -> among;
                case "NotIn" -> !among;
                case "Exists" -> label.isString();
                case "DoesNotExist" -> label.isMissingNode();
                default -> false;
            };
            if (!holds) {
                return false;
            }
        }
        return true;
    }
}
