package dev.exeat.control.kube.schema;

import com.google.re2j.Pattern;
import dev.exeat.control.kinds.Kind;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What a kind's objects may be. Thread-safe. */
public final class ObjectRules {
    private static final Pattern CONFIG_KEY = Pattern.compile("[-._a-zA-Z0-9]+");
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
    }

    /** Everything that is wrong with an object. */
    public List<FieldError> errors(Kind kind, Kind.Version version, ObjectNode object) {
        boolean namespace = kind.group().isEmpty() && kind.name().equals("Namespace");
        List<FieldError> errors = new ArrayList<>(MetadataRules.check(object.path("metadata"), namespace));
        errors.addAll(validator.validate(version.schema(), object, ""));
        if (kind.group().isEmpty() && kind.name().equals("ConfigMap")) {
            configKeys(object.path("data"), errors);
        }
        if (kind.group().isEmpty() && kind.name().equals("Event")) {
            place(object, errors);
        }
        return errors.size() > MOST_ERRORS ? List.copyOf(errors.subList(0, MOST_ERRORS)) : errors;
    }

    /** An event lies where its object does; with those of the cluster in {@code default}. */
    private static void place(ObjectNode event, List<FieldError> errors) {
        String about = event.at("/involvedObject/namespace").asString("");
        String namespace = event.at("/metadata/namespace").asString("");
        if (!about.equals(namespace) && !(about.isEmpty() && namespace.equals("default"))) {
            errors.add(FieldError.invalid("involvedObject.namespace", about, "does not match event.namespace"));
        }
    }

    private static void configKeys(JsonNode data, List<FieldError> errors) {
        for (String key : data.propertyNames()) {
            if (!CONFIG_KEY.matches(key)) {
                errors.add(FieldError.invalid(
                        "data[" + key + "]",
                        key,
                        "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name', "
                                + " or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')"));
            }
        }
    }
}
