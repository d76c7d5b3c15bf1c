package dev.exeat.control.lab;

import dev.exeat.control.store.StoreKey;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.random.RandomGenerator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Pods as objects: made from templates, and with what is to be said of them. */
final class PodObjects {
    static final String HASH = "pod-template-hash";
    static final String NODE = "exeat-lab";
    /** Letters that make no words, as Kubernetes has them in generated names. */
    private static final String ALPHABET = "bcdfghjklmnpqrstvwxz2456789";

    private static final int HASH_LENGTH = 10;
    private static final int SUFFIX_LENGTH = 5;
    private static final List<String> CONDITIONS = List.of("PodScheduled", "Initialized", "ContainersReady", "Ready");

    private PodObjects() {}

    static StoreKey key(String namespace, String name) {
        return new StoreKey("", "pods", namespace, name);
    }

    static StoreKey key(JsonNode pod) {
        return key(
                pod.at("/metadata/namespace").asString(""),
                pod.at("/metadata/name").asString(""));
    }

    static String uid(JsonNode object) {
        return object.at("/metadata/uid").asString("");
    }

    /** What tells templates apart; the same for equal ones. */
    static String hash(JsonNode template) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest(template.toString().getBytes(StandardCharsets.UTF_8));
            StringBuilder hash = new StringBuilder();
            for (int i = 0; i < HASH_LENGTH; i++) {
                hash.append(ALPHABET.charAt((digest[i] & 0xff) % ALPHABET.length()));
            }
            return hash.toString();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static String suffix() {
        StringBuilder suffix = new StringBuilder();
        RandomGenerator.getDefault()
                .ints(SUFFIX_LENGTH, 0, ALPHABET.length())
                .forEach(i -> suffix.append(ALPHABET.charAt(i)));
        return suffix.toString();
    }

    /** A new pod of a deployment's template. */
    static ObjectNode of(ObjectNode deployment, String hash, Instant now) {
        JsonNode template = deployment.at("/spec/template");
        String name = deployment.at("/metadata/name").asString("");
        ObjectNode pod =
                JsonNodeFactory.instance.objectNode().put("apiVersion", "v1").put("kind", "Pod");
        String generateName = name + "-" + hash + "-";
        ObjectNode metadata = pod.putObject("metadata")
                .put("name", generateName + suffix())
                .put("generateName", generateName)
                .put("namespace", deployment.at("/metadata/namespace").asString(""))
                .put("uid", UUID.randomUUID().toString())
                .put("creationTimestamp", text(now));
        if (template.at("/metadata/annotations").isObject()) {
            metadata.set("annotations", template.at("/metadata/annotations").deepCopy());
        }
        ObjectNode labels = template.at("/metadata/labels") instanceof ObjectNode given
                ? given.deepCopy()
                : JsonNodeFactory.instance.objectNode();
        metadata.set("labels", labels.put(HASH, hash));
        metadata.putArray("ownerReferences")
                .addObject()
                .put("apiVersion", "apps/v1")
                .put("kind", "Deployment")
                .put("name", name)
                .put("uid", uid(deployment))
                .put("controller", true)
                .put("blockOwnerDeletion", true);
        ObjectNode spec = template.path("spec") instanceof ObjectNode given
                ? given.deepCopy()
                : JsonNodeFactory.instance.objectNode();
        pod.set("spec", spec.put("serviceAccountName", account(spec)).put("nodeName", NODE));
        pod.putObject("status").put("phase", "Pending");
        return pod;
    }

    /** The name of the service account of a pod's spec. */
    static String account(JsonNode spec) {
        String account = spec.path("serviceAccountName")
                .asString(spec.path("serviceAccount").asString(""));
        return account.isEmpty() ? "default" : account;
    }

    static String ownerUid(JsonNode pod) {
        for (JsonNode owner : pod.at("/metadata/ownerReferences")) {
            if (owner.path("kind").asString("").equals("Deployment")) {
                return owner.path("uid").asString("");
            }
        }
        return "";
    }

    static boolean isReady(JsonNode pod) {
        for (JsonNode condition : pod.at("/status/conditions")) {
            if (condition.path("type").asString("").equals("Ready")) {
                return condition.path("status").asString("").equals("True");
            }
        }
        return false;
    }

    static List<String> containers(JsonNode pod) {
        List<String> names = new ArrayList<>();
        for (JsonNode container : pod.at("/spec/containers")) {
            names.add(container.path("name").asString(""));
        }
        return names;
    }

    /**
     * The status of a pod that runs.
     *
     * @param restarts of its environment
     */
    static ObjectNode running(JsonNode pod, String address, int restarts, Instant now) {
        ObjectNode status = JsonNodeFactory.instance.objectNode().put("phase", "Running");
        ArrayNode conditions = status.putArray("conditions");
        for (String type : CONDITIONS) {
            conditions
                    .addObject()
                    .put("type", type)
                    .put("status", "True")
                    .putNull("lastProbeTime")
                    .put("lastTransitionTime", text(now));
        }
        status.put("hostIP", "127.0.0.1").put("podIP", address).put("qosClass", "BestEffort");
        status.putArray("podIPs").addObject().put("ip", address);
        status.put("startTime", text(now));
        ArrayNode containers = status.putArray("containerStatuses");
        for (JsonNode container : pod.at("/spec/containers")) {
            ObjectNode entry = containerStatus(containers, container, restarts, true);
            entry.putObject("state").putObject("running").put("startedAt", text(now));
        }
        return status;
    }

    /** The status of a pod that cannot run. */
    static ObjectNode waiting(JsonNode pod, String reason, String message, Instant now) {
        ObjectNode status = JsonNodeFactory.instance.objectNode().put("phase", "Pending");
        status.putArray("conditions")
                .addObject()
                .put("type", "Ready")
                .put("status", "False")
                .put("reason", reason)
                .put("message", message)
                .put("lastTransitionTime", text(now));
        ArrayNode containers = status.putArray("containerStatuses");
        for (JsonNode container : pod.at("/spec/containers")) {
            ObjectNode entry = containerStatus(containers, container, 0, false);
            entry.putObject("state").putObject("waiting").put("reason", reason).put("message", message);
        }
        return status;
    }

    private static ObjectNode containerStatus(ArrayNode statuses, JsonNode container, int restarts, boolean runs) {
        return statuses.addObject()
                .put("name", container.path("name").asString(""))
                .put("image", container.path("image").asString(""))
                .put("imageID", "")
                .put("ready", runs)
                .put("started", runs)
                .put("restartCount", restarts);
    }

    static String text(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
