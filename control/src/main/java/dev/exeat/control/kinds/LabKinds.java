package dev.exeat.control.kinds;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Kinds of Kubernetes' own for workloads, which the lab serves, with the columns that Kubernetes has for them. */
final class LabKinds {
    /** What {@code kubectl get all} asks for. */
    private static final String ALL = "all";

    private static final String NONE = "<none>";
    private static final Column AGE = new Column("Age", "date", ".metadata.creationTimestamp", 0);

    private LabKinds() {}

    static List<Kind> all(PublishedSchemas schemas) {
        return List.of(
                kind(schemas, "", KindNames.regular("Pod", "po").in(ALL), true, pod()),
                kind(schemas, "", KindNames.regular("Service", "svc").in(ALL), false, service()),
                kind(schemas, "", KindNames.regular("Secret"), false, secret()),
                kind(schemas, "apps", KindNames.regular("Deployment", "deploy").in(ALL), true, deployment()));
    }

    private static Kind kind(
            PublishedSchemas schemas, String group, KindNames names, boolean status, List<Column> columns) {
        ObjectNode schema = schemas.resolved(PublishedSchemas.name(group, "v1", names.kind()));
        return new Kind(group, List.of(new Kind.Version("v1", schema, columns, status)), names, true);
    }

    private static List<Column> pod() {
        return List.of(
                Column.made("Ready", 0, LabKinds::readyContainers),
                Column.made("Status", 0, LabKinds::podStatus),
                Column.made("Restarts", 0, pod -> sum(pod.at("/status/containerStatuses"), "restartCount")),
                AGE,
                Column.made("IP", 1, pod -> text(pod.at("/status/podIP"))),
                Column.made("Node", 1, pod -> text(pod.at("/spec/nodeName"))),
                Column.made("Nominated Node", 1, _ -> NONE),
                Column.made("Readiness Gates", 1, _ -> NONE));
    }

    private static String readyContainers(JsonNode pod) {
        int ready = 0;
        for (JsonNode container : pod.at("/status/containerStatuses")) {
            ready += container.path("ready").asBoolean(false) ? 1 : 0;
        }
        return ready + "/" + pod.at("/spec/containers").size();
    }

    /** Why a container waits says more than the phase. */
    private static String podStatus(JsonNode pod) {
        for (JsonNode container : pod.at("/status/containerStatuses")) {
            String waiting = container.at("/state/waiting/reason").asString("");
            if (!waiting.isEmpty()) {
                return waiting;
            }
        }
        return pod.at("/status/phase").asString("Pending");
    }

    private static String sum(JsonNode items, String field) {
        int sum = 0;
        for (JsonNode item : items) {
            sum += item.path(field).asInt(0);
        }
        return Integer.toString(sum);
    }

    private static List<Column> service() {
        return List.of(
                Column.made("Type", 0, service -> service.at("/spec/type").asString("ClusterIP")),
                Column.made("Cluster-IP", 0, service -> text(service.at("/spec/clusterIP"))),
                Column.made("External-IP", 0, _ -> NONE),
                Column.made("Port(s)", 0, LabKinds::ports),
                AGE,
                Column.made("Selector", 1, service -> pairs(service.at("/spec/selector"))));
    }

    private static String ports(JsonNode service) {
        List<String> ports = new ArrayList<>();
        for (JsonNode port : service.at("/spec/ports")) {
            ports.add(port.path("port").asInt(0) + "/" + port.path("protocol").asString("TCP"));
        }
        return ports.isEmpty() ? NONE : String.join(",", ports);
    }

    private static List<Column> secret() {
        return List.of(
                Column.made("Type", 0, secret -> secret.path("type").asString("Opaque")),
                Column.made(
                        "Data",
                        0,
                        secret -> Integer.toString(secret.path("data").size())),
                AGE);
    }

    private static List<Column> deployment() {
        return List.of(
                Column.made(
                        "Ready",
                        0,
                        deployment -> deployment.at("/status/readyReplicas").asInt(0) + "/"
                                + deployment.at("/spec/replicas").asInt(1)),
                Column.made("Up-to-date", 0, deployment -> number(deployment.at("/status/updatedReplicas"))),
                Column.made("Available", 0, deployment -> number(deployment.at("/status/availableReplicas"))),
                AGE,
                Column.made("Containers", 1, deployment -> ofContainers(deployment, "name")),
                Column.made("Images", 1, deployment -> ofContainers(deployment, "image")),
                Column.made("Selector", 1, deployment -> pairs(deployment.at("/spec/selector/matchLabels"))));
    }

    private static String number(JsonNode value) {
        return Integer.toString(value.asInt(0));
    }

    private static String ofContainers(JsonNode deployment, String field) {
        List<String> texts = new ArrayList<>();
        for (JsonNode container : deployment.at("/spec/template/spec/containers")) {
            texts.add(container.path(field).asString(""));
        }
        return String.join(",", texts);
    }

    private static String pairs(JsonNode labels) {
        List<String> pairs = new ArrayList<>();
        labels.properties()
                .forEach(label ->
                        pairs.add(label.getKey() + "=" + label.getValue().asString("")));
        return pairs.isEmpty() ? NONE : String.join(",", pairs);
    }

    private static String text(JsonNode value) {
        String text = value.asString("");
        return text.isEmpty() ? NONE : text;
    }
}
