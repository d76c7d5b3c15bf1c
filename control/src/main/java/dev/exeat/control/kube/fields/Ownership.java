package dev.exeat.control.kube.fields;

import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * An entry of {@code managedFields}: the fields that a client owns by one way of writing.
 *
 * @param time of the last change, as RFC 3339 has it; empty if it is not known
 */
record Ownership(Writer writer, String time, FieldSet fields) {
    static final String APPLY = "Apply";
    static final String UPDATE = "Update";
    static final Comparator<Ownership> ORDER = Comparator.comparing(
                    (Ownership ownership) -> ownership.writer().operation())
            .thenComparing(Ownership::time)
            .thenComparing(ownership -> ownership.writer().manager())
            .thenComparing(ownership -> ownership.writer().apiVersion())
            .thenComparing(ownership -> ownership.writer().subresource());

    /**
     * Who writes, and how.
     *
     * @param operation {@link #APPLY} or {@link #UPDATE}
     * @param subresource empty for the object itself
     */
    record Writer(String manager, String operation, String apiVersion, String subresource) {
        /** Those who apply are the same through all versions of a kind. */
        boolean is(Writer other) {
            return manager.equals(other.manager)
                    && operation.equals(other.operation)
                    && subresource.equals(other.subresource)
                    && (operation.equals(APPLY) || apiVersion.equals(other.apiVersion));
        }

        /** As conflicts name it. */
        String text() {
            return JsonNodeFactory.instance.stringNode(manager)
                    + (subresource.isEmpty() ? "" : " with subresource \"" + subresource + "\"")
                    + (operation.equals(UPDATE) ? " using " + apiVersion : "");
        }
    }

    Ownership with(FieldSet changed) {
        return new Ownership(writer, time, changed);
    }

    ObjectNode toJson() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("apiVersion", writer.apiVersion()).put("fieldsType", "FieldsV1");
        json.set("fieldsV1", fields.toJson());
        json.put("manager", writer.manager()).put("operation", writer.operation());
        if (!writer.subresource().isEmpty()) {
            json.put("subresource", writer.subresource());
        }
        if (!time.isEmpty()) {
            json.put("time", time);
        }
        return json;
    }

    /** @return null if it is no entry */
    static @Nullable Ownership of(JsonNode json) {
        FieldSet fields = FieldSet.of(json.path("fieldsV1"));
        String operation = json.path("operation").asString("");
        if (fields == null || !List.of(APPLY, UPDATE).contains(operation)) {
            return null;
        }
        return new Ownership(
                new Writer(
                        json.path("manager").asString(""),
                        operation,
                        json.path("apiVersion").asString(""),
                        json.path("subresource").asString("")),
                json.path("time").asString(""),
                fields);
    }
}
