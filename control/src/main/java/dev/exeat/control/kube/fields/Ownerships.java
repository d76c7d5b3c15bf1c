package dev.exeat.control.kube.fields;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The entries of {@code managedFields} of one object. Used by one thread. */
final class Ownerships {
    private static final int MOST_UPDATERS = 10;
    private static final String ANCIENT = "ancient-changes";

    private final List<Ownership> entries;

    private Ownerships(List<Ownership> entries) {
        this.entries = entries;
    }

    /** What the object says, or empty where it says nothing that can be read. */
    static Ownerships of(JsonNode object) {
        List<Ownership> entries = new ArrayList<>();
        for (JsonNode json : object.path("metadata").path(Content.MANAGED_FIELDS)) {
            Ownership entry = Ownership.of(json);
            if (entry == null) {
                return new Ownerships(new ArrayList<>());
            }
            entries.add(entry);
        }
        return new Ownerships(entries);
    }

    /** What a written object says, else what the one before said; a list of one empty entry asks for a new beginning. */
    static Ownerships of(JsonNode written, JsonNode before) {
        JsonNode given = written.path("metadata").path(Content.MANAGED_FIELDS);
        if (given.size() == 1 && given.get(0).isEmpty()) {
            return new Ownerships(new ArrayList<>());
        }
        Ownerships own = of(written);
        return own.entries.isEmpty() ? of(before) : own;
    }

    boolean isEmpty() {
        return entries.isEmpty();
    }

    List<Ownership> all() {
        return List.copyOf(entries);
    }

    @Nullable
    Ownership of(Ownership.Writer writer) {
        return entries.stream()
                .filter(entry -> entry.writer().is(writer))
                .findFirst()
                .orElse(null);
    }

    void put(Ownership entry) {
        entries.removeIf(other -> other.writer().is(entry.writer()));
        if (!entry.fields().isEmpty()) {
            entries.add(entry);
        }
    }

    void change(UnaryOperator<FieldSet> rule) {
        entries.replaceAll(entry -> entry.with(rule.apply(entry.fields())));
        entries.removeIf(entry -> entry.fields().isEmpty());
    }

    FieldSet union() {
        return entries.stream().map(Ownership::fields).reduce(new FieldSet(), FieldSet::union);
    }

    void writeTo(ObjectNode object) {
        joinOldest();
        entries.sort(Ownership.ORDER);
        ObjectNode metadata = object.withObject("/metadata");
        if (entries.isEmpty()) {
            metadata.remove(Content.MANAGED_FIELDS);
            return;
        }
        ArrayNode list = metadata.putArray(Content.MANAGED_FIELDS);
        entries.forEach(entry -> list.add(entry.toJson()));
    }

    /** Those who update and are too many are joined, the oldest first, so that an object cannot grow by names alone. */
    private void joinOldest() {
        List<Ownership> updaters = new ArrayList<>(entries.stream()
                .filter(entry -> entry.writer().operation().equals(Ownership.UPDATE)
                        && !entry.writer().manager().equals(ANCIENT))
                .sorted(Ownership.ORDER)
                .toList());
        while (updaters.size() > MOST_UPDATERS) {
            Ownership oldest = updaters.removeFirst();
            Ownership.Writer ancient = new Ownership.Writer(
                    ANCIENT, Ownership.UPDATE, oldest.writer().apiVersion(), "");
            Ownership before = of(ancient);
            entries.remove(oldest);
            put(new Ownership(
                    ancient,
                    oldest.time(),
                    before == null ? oldest.fields() : oldest.fields().union(before.fields())));
        }
    }
}
