package dev.exeat.policy.lint;

import dev.exeat.model.Node;
import dev.exeat.model.ObjectKey;
import dev.exeat.model.Resource;
import dev.exeat.policy.manifest.Field;
import dev.exeat.policy.manifest.Fields;
import dev.exeat.policy.manifest.Findings;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** A sound object with its fields and where they stand: what is wrong with them has been told already. */
record SpecView(Resource resource, Fields spec) {

    static SpecView of(Resource resource) {
        Findings ignored = new Findings(resource.key());
        Fields body = new Fields(resource.body(), "", ignored);
        Fields spec = body.mapping("spec");
        Node.Mapping nothing =
                new Node.Mapping(Map.of(), Map.of(), resource.body().place());
        return new SpecView(resource, spec != null ? spec : new Fields(nothing, "spec", ignored));
    }

    ObjectKey key() {
        return resource.key();
    }

    boolean is(String group, String kind) {
        return key().group().equals(group) && key().kind().equals(kind);
    }

    /** The mappings of a list. */
    static List<Fields> mappings(Fields fields, String list) {
        return fields.items(list).stream()
                .map(fields::mapping)
                .filter(Objects::nonNull)
                .toList();
    }

    static Fields nested(Fields fields, String name) {
        Fields nested = fields.mapping(name);
        return nested != null
                ? nested
                : new Fields(new Node.Mapping(Map.of(), Map.of(), fields.place()), "", fields.findings());
    }

    /** Where the item of a list stands, or the list's owner where there is no such item. */
    static Field item(Fields fields, String list, int index) {
        List<Field> items = fields.items(list);
        return index < items.size() ? items.get(index) : new Field(whole(fields), fields.path(list));
    }

    private static Node whole(Fields fields) {
        return new Node.Mapping(Map.of(), Map.of(), fields.place());
    }
}
