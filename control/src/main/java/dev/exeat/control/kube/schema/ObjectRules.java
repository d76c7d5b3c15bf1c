package dev.exeat.control.kube.schema;

import dev.exeat.control.kinds.Kind;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What a kind's objects may be. Thread-safe. */
public final class ObjectRules {
    private static final String SECRET = "io.k8s.api.core.v1.Secret";
    private static final String DEPLOYMENT = "io.k8s.api.apps.v1.Deployment";
    private static final int MOST_ERRORS = 100;

    private final SchemaValidator validator = new SchemaValidator();

    /**
     * Removes the fields that the kind does not have, and those of its own that are null.
     *
     * @return the paths of those that it does not have, sorted
     */
    public List<String> prune(Kind.Version version, ObjectNode object) {
        return Pruning.prune(version.schema(), object);
    }

    /** Fills in what the kind says of absent fields. */
    public void fill(Kind.Version version, ObjectNode object) {
        Defaults.fill(version.schema(), object);
        // Clients wait for as many pods as it says; no schema has the number.
        if (version.definition().equals(DEPLOYMENT)
                && object.path("spec") instanceof ObjectNode spec
                && !spec.has("replicas")) {
            spec.put("replicas", 1);
        }
        normalize(version, object);
    }

    /** Puts the texts of a secret to its other data; leaves other objects alone. */
    public void normalize(Kind.Version version, ObjectNode object) {
        if (version.definition().equals(SECRET)) {
            texts(object);
        }
    }

    private static void texts(ObjectNode secret) {
        for (Map.Entry<String, JsonNode> text : secret.path("stringData").properties()) {
            byte[] octets = text.getValue().asString("").getBytes(StandardCharsets.UTF_8);
            secret.withObject("/data").put(text.getKey(), Base64.getEncoder().encodeToString(octets));
        }
        secret.remove("stringData");
        if (secret.path("type").asString("").isEmpty()) {
            secret.put("type", "Opaque");
        }
    }

    /**
     * The first value that the object could not be read from as what Kubernetes' own types are, which metadata always is.
     *
     * @return what is wrong, empty if nothing is
     */
    public String mismatch(Kind.Version version, ObjectNode object) {
        return Decoding.mismatch(version.schema(), object);
    }

    /** Everything that is wrong with an object. */
    public List<FieldError> errors(Kind kind, Kind.Version version, ObjectNode object) {
        boolean namespace = kind.group().isEmpty() && kind.name().equals("Namespace");
        List<FieldError> errors = new ArrayList<>(MetadataRules.check(object.path("metadata"), namespace));
        if (version.isCustom()) {
            errors.addAll(validator.validate(version.schema(), object, ""));
        } else {
            KubernetesRules.check(kind, object, errors);
        }
        return errors.size() > MOST_ERRORS ? List.copyOf(errors.subList(0, MOST_ERRORS)) : errors;
    }
}
