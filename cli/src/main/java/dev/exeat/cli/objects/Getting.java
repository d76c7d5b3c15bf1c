package dev.exeat.cli.objects;

import dev.exeat.cli.objects.Selection.Part;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads what is selected. */
final class Getting {
    static final String TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json";

    private final ApiClient client;
    private final String namespace;
    private final SelectorOptions selectors;
    private final Failures failures;

    /** @param namespace empty for all */
    Getting(ApiClient client, String namespace, SelectorOptions selectors, Failures failures) {
        this.client = client;
        this.namespace = namespace;
        this.selectors = selectors;
        this.failures = failures;
    }

    /** Hands over each part's object, list or table; what cannot be had is noted. */
    void each(Selection selection, String accept, BiConsumer<ResourceKind, ObjectNode> taken) {
        for (Part part : selection.parts()) {
            failures.attempt(() -> taken.accept(part.kind(), read(part, accept)));
        }
    }

    private ObjectNode read(Part part, String accept) {
        return part.name().isEmpty()
                ? client.get(part.kind().path(namespace) + selectors.query(), accept)
                : client.get(part.kind().path(namespaceOf(part), part.name()), accept);
    }

    private String namespaceOf(Part part) {
        return part.namespace() == null ? namespace : part.namespace();
    }

    /** All of a part, in a list also if it is one. */
    ObjectNode list(Part part, String accept) {
        return client.get(part.kind().path(namespaceOf(part)) + query(part), accept);
    }

    private Query query(Part part) {
        return part.name().isEmpty() ? selectors.query() : selectors.queryOf(part.name());
    }

    /** Hands over each event from a version on. */
    void follow(Part part, String version, String accept, Consumer<JsonNode> event) {
        String path = part.kind().path(namespaceOf(part))
                + query(part).with("resourceVersion", version).with("watch", "true");
        client.follow(path, accept, line -> event.accept(Events.read(line)));
    }

    boolean ofAllNamespaces() {
        return namespace.isEmpty();
    }

    boolean allWent() {
        return failures.isEmpty();
    }
}
