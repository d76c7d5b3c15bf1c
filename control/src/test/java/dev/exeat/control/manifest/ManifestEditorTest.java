package dev.exeat.control.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.exeat.model.Node;
import dev.exeat.model.Place;
import dev.exeat.model.Resource;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class ManifestEditorTest {
    private static final String HEAD = """
            apiVersion: exeat.dev/v1alpha1
            kind: EgressPolicy
            metadata: {name: p}
            spec:
            """;

    private static List<Resource> read(String text) {
        ManifestFile file = new ManifestReader().read("f.yaml", text.getBytes(StandardCharsets.UTF_8));
        assertThat(file.problems()).isEmpty();
        return file.resources();
    }

    private static Node.Mapping field(Node.Mapping mapping, String name, UnaryOperator<Node> change) {
        Map<String, Node> fields = new LinkedHashMap<>(mapping.fields());
        fields.put(name, change.apply(fields.get(name)));
        return new Node.Mapping(fields, mapping.keyPlaces(), mapping.place());
    }

    private static Node text(String text) {
        return new Node.Scalar(text, Node.ScalarType.TEXT, Place.UNKNOWN);
    }

    /** Changes a field of the spec. */
    private static Optional<String> edit(String manifest, int object, String name, UnaryOperator<Node> change) {
        Resource before = read(manifest).get(object);
        Node.Mapping after = field(before.body(), "spec", spec -> field((Node.Mapping) spec, name, change));
        return new ManifestEditor().replace(manifest, before, after);
    }

    private static Optional<String> edit(String spec, UnaryOperator<Node> ofHosts) {
        return edit(HEAD + spec, 0, "hosts", ofHosts).map(text -> text.substring(HEAD.length()));
    }

    private static UnaryOperator<Node> without(int index) {
        return node -> {
            List<Node> items = new ArrayList<>(((Node.Sequence) node).items());
            items.remove(index);
            return new Node.Sequence(items, Place.UNKNOWN);
        };
    }

    private static UnaryOperator<Node> with(Node item) {
        return node -> {
            List<Node> items = new ArrayList<>(((Node.Sequence) node).items());
            items.add(item);
            return new Node.Sequence(items, Place.UNKNOWN);
        };
    }

    @Test
    void an_item_goes_with_its_line_and_all_else_stays_as_it_was_written() {
        String spec = """
                  # what they may reach
                  hosts:
                    - 'a.test'   # the first

                    - "b.test"   # the second
                    # the third
                    - c.test
                  ports:   [ 443,  8443 ]
                # the end
                """;

        assertThat(edit(spec, without(1))).hasValue(spec.replace("    - \"b.test\"   # the second\n", ""));
        assertThat(edit(spec, without(2))).hasValue(spec.replace("    - c.test\n", ""));
    }

    @Test
    void an_item_goes_from_brackets() {
        assertThat(edit("  hosts: [a.test, 'b.test' , c.test] # all\n", without(0)))
                .hasValue("  hosts: ['b.test' , c.test] # all\n");
        assertThat(edit("  hosts: [a.test, 'b.test' , c.test] # all\n", without(1)))
                .hasValue("  hosts: [a.test , c.test] # all\n");
        assertThat(edit("  hosts: [a.test, 'b.test' , c.test] # all\n", without(2)))
                .hasValue("  hosts: [a.test, 'b.test'] # all\n");
    }

    @Test
    void an_item_comes_below_the_last_in_its_column() {
        assertThat(edit("  hosts:\n  - a.test # one\n  # of these\n  other: x\n", with(text("b.test"))))
                .hasValue("  hosts:\n  - a.test # one\n  - b.test\n  # of these\n  other: x\n");
        assertThat(edit("  hosts:\n      -   a.test", with(text("*.b.test"))))
                .hasValue("  hosts:\n      -   a.test\n      - \"*.b.test\"");
        assertThat(edit("  hosts: [a.test, ]\n", with(text("b.test")))).hasValue("  hosts: [a.test, b.test, ]\n");
        assertThat(edit("  hosts: [\n    a.test\n  ]\n", with(text("b.test"))))
                .hasValue("  hosts: [\n    a.test,\n    b.test\n  ]\n");
        assertThat(edit("  hosts: []\n", with(text("b.test")))).hasValue("  hosts: [b.test]\n");
    }

    @Test
    void a_text_is_replaced_whatever_its_form() {
        UnaryOperator<Node> changed = _ -> text("a == \"b\"");

        for (String form : List.of("x", "'x'", "\"x\"", "|\n    x\n    y", ">-\n    x\n    y\n\n", "x\n    y")) {
            assertThat(edit("  hosts: " + form + "\n  more: 1 # one\n", changed).orElseThrow())
                    .as(form)
                    .startsWith("  hosts: 'a == \"b\"'\n")
                    .endsWith("  more: 1 # one\n");
        }
        assertThat(edit("  hosts:\n  more: 1\n", changed)).hasValue("  hosts: 'a == \"b\"'\n  more: 1\n");
    }

    @Test
    void a_field_comes_behind_the_others() {
        assertThat(edit(
                        "  a:\n  - b: 1\n    c: |\n      x\n\n# end\n",
                        _ -> new Node.Sequence(List.of(text("z")), Place.UNKNOWN)))
                .hasValue("  a:\n  - b: 1\n    c: |\n      x\n  hosts:\n  - z\n\n# end\n");
    }

    @Test
    void json_stays_json() {
        String json = """
                {"apiVersion": "exeat.dev/v1alpha1", "kind": "EgressPolicy", "metadata": {"name": "p"},
                 "spec": {"hosts": ["a.test"]}}
                """;

        assertThat(edit(json, 0, "hosts", with(text("b.test"))))
                .hasValue(json.replace("[\"a.test\"]", "[\"a.test\", \"b.test\"]"));
        assertThat(edit(json, 0, "action", _ -> text("Deny"))).hasValue(json.replace("]}", "], \"action\":\"Deny\"}"));
    }

    @Test
    void only_the_object_meant_is_changed_among_documents_and_lists() {
        String object = HEAD + "  hosts: [a.test, b.test]\n";
        String list = "apiVersion: v1\nkind: List\nitems:\n- "
                + object.replace("\n", "\n  ").strip() + "\n- "
                + object.replace("name: p", "name: q").replace("\n", "\n  ").strip() + "\n";
        String several = "# licence\n---\n" + object.replace("name: p", "name: o") + "---\n" + list + "---\n"
                + object.replace("name: p", "name: r");
        List<Resource> all = read(several);
        assertThat(all).hasSize(4);

        for (int i = 0; i < all.size(); i++) {
            String changed = edit(several, i, "hosts", without(0)).orElseThrow();

            assertThat(changed).hasSize(several.length() - "a.test, ".length());
            List<Resource> now = read(changed);
            for (int j = 0; j < all.size(); j++) {
                assertThat(NodeContent.same(all.get(j).body(), now.get(j).body()))
                        .isEqualTo(i != j);
            }
            String removed = new ManifestEditor().remove(several, all.get(i)).orElseThrow();
            assertThat(removed).startsWith("# licence\n");
            assertThat(read(removed)).hasSize(3).noneMatch(all.get(i)::equals);
        }
    }

    @Test
    void line_ends_and_characters_beyond_sixteen_bits_are_kept() {
        String spec = "  note: \"\ud83d\udc0e\" # \ud83d\udc0e\r\n  hosts:\r\n  - a.test\r\n  - b.test\r\n";

        assertThat(edit(spec.replace("\n", "\n"), without(0))).hasValue(spec.replace("  - a.test\r\n", ""));
        assertThat(edit(spec, with(text("c.test")))).hasValue(spec + "  - c.test\r\n");
    }

    @Test
    void what_no_edit_can_say_is_written_anew_and_what_is_shared_is_left() {
        // A field that goes is no edit of the text; the object is written as a whole, and other documents are not.
        String manifest = HEAD + "  hosts: [a.test]   # mine\n  gone: 1\n---\n" + HEAD.replace("name: p", "name: q")
                + "  hosts: [b.test]   # yours\n";
        Resource before = read(manifest).getFirst();
        Node.Mapping after = field(before.body(), "spec", spec -> {
            Map<String, Node> fields = new LinkedHashMap<>(((Node.Mapping) spec).fields());
            fields.remove("gone");
            return new Node.Mapping(fields, Map.of(), Place.UNKNOWN);
        });

        assertThat(new ManifestEditor().replace(manifest, before, after).orElseThrow())
                .doesNotContain("gone")
                .doesNotContain("# mine")
                .contains("[b.test]   # yours");

        String anchored = "apiVersion: v1\nkind: List\nitems:\n"
                + "- "
                + (HEAD + "  hosts: &h [a.test, b.test]\n")
                        .replace("\n", "\n  ")
                        .strip() + "\n"
                + "- "
                + (HEAD.replace("name: p", "name: q") + "  hosts: *h\n")
                        .replace("\n", "\n  ")
                        .strip() + "\n";
        assertThat(edit(anchored, 0, "hosts", without(0))).isEmpty();
    }

    @Test
    void a_text_that_has_changed_or_is_broken_is_not_touched() {
        Resource before = read(HEAD + "  hosts: [a.test]\n").getFirst();

        assertThat(new ManifestEditor().remove(HEAD + "  hosts: [b.test]\n", before))
                .isEmpty();
        assertThat(new ManifestEditor().remove(HEAD + "  hosts: [a.test]\n---\nkind: [\n", before))
                .isEmpty();
        assertThat(new ManifestEditor().remove("", before)).isEmpty();
        assertThat(new ManifestEditor().remove(HEAD + "  hosts: [a.test]\n", before))
                .hasValue("");
    }
}
