package dev.exeat.control.kube.fields;

import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Keeps the record of who owns which field, and applies objects by it. Thread-safe. */
public final class FieldOwners {
    private static final String BEFORE_FIRST_APPLY = "before-first-apply";
    private static final String KUBECTL = "kubectl";

    private final InstantSource clock;

    public FieldOwners(InstantSource clock) {
        this.clock = clock;
    }

    /**
     * Records in the object what its author has changed.
     *
     * @param schema of the whole object
     * @param before as it was, or an empty object for a new one
     * @param after as it is to be; may ask for other {@code managedFields}
     */
    public void update(JsonNode schema, ObjectNode before, ObjectNode after, Author author) {
        Ownerships owners = Ownerships.of(after, before);
        if (owners.isEmpty() && !before.at("/metadata/uid").isMissingNode()) {
            owners.writeTo(after); // Nobody's fields are kept a record of before somebody applies.
            return;
        }
        Ownership.Writer writer = author.writer(Ownership.UPDATE);
        Ownership former = owners.of(writer);
        Comparison comparison = Comparison.of(schema, Content.of(before, author), Content.of(after, author));
        FieldSet changed = comparison.changed();
        owners.change(fields -> fields.difference(changed).difference(comparison.removed()));
        Ownership kept = owners.of(writer);
        FieldSet own = stripped(kept == null ? changed : kept.fields().union(changed));
        String since = former == null || !former.fields().equals(own) ? now() : former.time();
        owners.put(new Ownership(writer, since, own));
        owners.writeTo(after);
    }

    /**
     * The object after server-side apply, with its {@code managedFields}.
     *
     * @param live as it is, or an object of type, name and namespace alone for a new one
     * @param applied all that the author wants to say
     * @throws ApplyConflictException if others own what would change, and it is not forced
     */
    public ObjectNode apply(JsonNode schema, ObjectNode live, ObjectNode applied, Author author, boolean force) {
        Ownerships owners = Ownerships.of(live);
        ObjectNode current = Content.of(live, author);
        if (owners.isEmpty() && !live.at("/metadata/uid").isMissingNode()) {
            beforeFirstApply(schema, current, owners, author);
        }
        Ownership.Writer writer = author.writer(Ownership.APPLY);
        Ownership former = owners.of(writer);
        ObjectNode wanted = Content.of(applied, author);
        FieldSet own = stripped(FieldWalk.fields(schema, wanted));
        owners.put(new Ownership(writer, former == null ? "" : former.time(), own));

        JsonNode merged = FieldWalk.merge(schema, current, wanted);
        ObjectNode next = asObject(former == null ? merged : pruned(schema, merged, former.fields(), owners.union()));
        Comparison comparison = Comparison.of(schema, current, next);
        FieldSet changed = comparison.changed();
        List<Conflict> conflicts = conflicts(owners, writer, changed);
        if (author.manager().equals(KUBECTL)) {
            FieldSet known = FieldWalk.fields(schema, Content.of(LastApplied.of(live), author));
            FieldSet others = changed.difference(known);
            conflicts = conflicts(owners, writer, others).isEmpty() ? List.of() : conflicts;
        }
        if (!force && !conflicts.isEmpty()) {
            throw new ApplyConflictException(conflicts);
        }
        owners.change(fields -> fields.difference(changed).difference(comparison.removed()));
        String since = former == null ? "" : former.time();
        owners.put(new Ownership(writer, current.equals(next) ? since : now(), own));

        ObjectNode result = Content.into(live, next, author);
        if (author.manager().equals(KUBECTL)) {
            LastApplied.renew(live, applied, result);
        }
        owners.writeTo(result);
        return result;
    }

    /** What was written before there was a record is somebody's, too. */
    private void beforeFirstApply(JsonNode schema, ObjectNode current, Ownerships owners, Author author) {
        Comparison all = Comparison.of(schema, Content.of(JsonNodeFactory.instance.objectNode(), author), current);
        Ownership.Writer before =
                new Ownership.Writer(BEFORE_FIRST_APPLY, Ownership.UPDATE, author.apiVersion(), author.subresource());
        owners.put(new Ownership(before, now(), stripped(all.changed())));
    }

    /** Without what the author applied once and does not any more, unless somebody else owns it. */
    private static @Nullable JsonNode pruned(JsonNode schema, JsonNode merged, FieldSet last, FieldSet owned) {
        FieldSet lastNamed = last.withNamedFields(schema);
        FieldSet mergedFields = named(schema, merged);
        JsonNode first = FieldWalk.without(schema, merged, lastNamed);
        FieldSet kept = named(schema, first).union(owned.withNamedFields(schema));
        JsonNode second = FieldWalk.without(schema, merged, mergedFields.difference(kept));
        FieldSet gone = mergedFields.difference(named(schema, second)).intersection(lastNamed);
        return FieldWalk.without(schema, merged, gone);
    }

    private static FieldSet named(JsonNode schema, @Nullable JsonNode value) {
        return FieldWalk.fields(schema, asObject(value)).withNamedFields(schema);
    }

    private static ObjectNode asObject(@Nullable JsonNode value) {
        return value instanceof ObjectNode object ? object : JsonNodeFactory.instance.objectNode();
    }

    private static List<Conflict> conflicts(Ownerships owners, Ownership.Writer writer, FieldSet changed) {
        List<Conflict> conflicts = new ArrayList<>();
        for (Ownership other : owners.all()) {
            if (!other.writer().is(writer)) {
                for (List<String> path : other.fields().intersection(changed).paths()) {
                    conflicts.add(new Conflict(other.writer().text(), Element.text(path)));
                }
            }
        }
        conflicts.sort(Comparator.comparing(Conflict::owner));
        return conflicts;
    }

    /** The metadata as such belongs to nobody. */
    private static FieldSet stripped(FieldSet fields) {
        FieldSet metadata = new FieldSet();
        metadata.insert(List.of(Element.field("metadata")));
        return fields.difference(metadata);
    }

    private String now() {
        return clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
