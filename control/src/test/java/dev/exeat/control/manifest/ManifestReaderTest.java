package dev.exeat.control.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.exeat.model.Node;
import dev.exeat.model.Node.ScalarType;
import dev.exeat.model.Problem;
import dev.exeat.model.Resource;
import dev.exeat.testkit.Case;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestReaderTest {
    private final ManifestReader reader = new ManifestReader();

    private ManifestFile read(String text) {
        return reader.read("t.yaml", text.getBytes(StandardCharsets.UTF_8));
    }

    private Resource readOne(String text) {
        ManifestFile file = read(text);
        assertThat(file.problems()).isEmpty();
        assertThat(file.resources()).hasSize(1);
        return file.resources().getFirst();
    }

    private static Node.Scalar scalar(Node mapping, String field) {
        Node value = ((Node.Mapping) mapping).get(field);
        assertThat(value).isInstanceOf(Node.Scalar.class);
        return (Node.Scalar) value;
    }

    @ParameterizedTest
    @ValueSource(strings = {"sleep", "sni-logging", "sni-wikipedia", "sni-serviceaccount"})
    void reads_the_shapes_of_istios_egress_samples(String name) throws IOException {
        try (InputStream in = ManifestReaderTest.class.getResourceAsStream("samples/" + name + ".yaml")) {
            assertThat(in).isNotNull();
            ManifestFile file = reader.read(name + ".yaml", in.readAllBytes());

            assertThat(file.problems()).isEmpty();
            assertThat(file.resources()).hasSizeGreaterThanOrEqualTo(3);
            assertThat(file.resources())
                    .allSatisfy(r -> assertThat(r.place().line()).isGreaterThan(1));
        }
    }

    @Test
    void knows_version_kind_names_labels_and_places() {
        Resource rule = readOne("""
                # a comment first
                apiVersion: "config.istio.io/v1alpha2"
                kind: rule
                metadata:
                  name: check-names
                  namespace: istio-system
                  labels: {app: gateway}
                  annotations:
                    note: "1"
                spec:
                  match: "true"
                """);

        assertThat(rule.key().toString()).isEqualTo("rule/istio-system/check-names");
        assertThat(rule.key().group()).isEqualTo("config.istio.io");
        assertThat(rule.apiVersion()).isEqualTo("config.istio.io/v1alpha2");
        assertThat(rule.labels()).containsEntry("app", "gateway");
        assertThat(rule.annotations()).containsEntry("note", "1");
        Node.Mapping spec = (Node.Mapping) rule.body().get("spec");
        assertThat(scalar(spec, "match").place().toString()).isEqualTo("t.yaml:11:10");
        assertThat(spec.placeOf("match").toString()).isEqualTo("t.yaml:11:3");
    }

    @Test
    void takes_the_namespace_default_where_none_is_named_and_none_for_cluster_scoped_kinds() {
        ManifestFile file = read("apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: a}\n"
                + "---\napiVersion: v1\nkind: Namespace\nmetadata: {name: b}\n"
                + "---\napiVersion: v1\nkind: ServiceAccount\nmetadata: {name: c, namespace: ''}\n");

        assertThat(file.problems()).isEmpty();
        assertThat(file.resources())
                .extracting(r -> r.key().namespace(), r -> r.key().name())
                .containsExactly(tuple("default", "a"), tuple("", "b"), tuple("default", "c"));
    }

    @Test
    void skips_empty_documents_and_comments() {
        assertThat(read("# nothing\n---\n---\n# c\n---\nnull\n...\n---\n").problems())
                .isEmpty();
        assertThat(read("").resources()).isEmpty();
    }

    @Test
    void unrolls_lists_also_nested_ones() {
        ManifestFile file = read("""
                {"apiVersion": "v1", "kind": "List", "items": [
                  {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "a"}},
                  {"apiVersion": "v1", "kind": "ServiceAccountList", "items": [
                    {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "b"}}]}]}
                """);

        assertThat(file.problems()).isEmpty();
        assertThat(file.resources()).extracting(r -> r.key().name()).containsExactly("a", "b");
    }

    @Test
    void reads_json_with_tabs_and_escapes() {
        Resource account = readOne("{\n\t\"apiVersion\":\"v1\",\n\t\"kind\":\"ServiceAccount\",\n\t\"metadata\":"
                + "{\"name\":\"a\",\"annotations\":{\"x\":\"\\/\\u00e9 \\ud83d\\ude00\\t\"}}}\n");

        assertThat(account.annotations()).containsEntry("x", "/é 😀\t");
    }

    @Test
    void counts_lines_over_crlf_directives_and_document_ends() {
        ManifestFile file =
                read("\uFEFF# c\r\na: 1\r\n---\r\n...\r\n%YAML 1.2\r\n---\r\napiVersion: v1\r\nkind: ServiceAccount\r\n"
                        + "metadata:\r\n  name: two\r\n");

        assertThat(file.resources())
                .singleElement()
                .satisfies(r -> assertThat(r.place().toString()).isEqualTo("t.yaml:7:1"));
        assertThat(file.problems())
                .isNotEmpty()
                .allSatisfy(p -> assertThat(p.place().line()).isEqualTo(2));
    }

    @Test
    void does_not_take_a_marker_in_the_middle_of_a_line_for_a_new_document() {
        Resource one = readOne("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  x: |\n    ---\n    y\n"
                + "  z: a --- b\n");

        assertThat(scalar((Node.Mapping) one.body().get("data"), "x").text()).isEqualTo("---\ny\n");
    }

    @ParameterizedTest
    @CsvSource({
        "no, TEXT",
        "on, TEXT",
        "y, TEXT",
        "1.10, DECIMAL",
        "0x7f, TEXT",
        "2001:10, TEXT",
        "0o14, TEXT",
        "007, TEXT",
        "1_000, TEXT",
        ".5, TEXT",
        "1., TEXT",
        "-1, INTEGER",
        "+1, TEXT",
        "0, INTEGER",
        "-0, INTEGER",
        "1e3, DECIMAL",
        "1.5E-3, DECIMAL",
        "1e, TEXT",
        "-, TEXT",
        ".inf, TEXT",
        "true, BOOLEAN",
        "True, BOOLEAN",
        "tRUE, TEXT",
        "~, NULL",
        "null, NULL",
        "2001-01-01, TEXT",
        "'\"1\"', TEXT",
        "!!str 1, TEXT",
        "! 1, TEXT",
        "=, TEXT"
    })
    @Case("M06")
    void types_scalars_as_json_would_and_keeps_their_text(String written, ScalarType type) {
        Resource map = readOne("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {k: " + written + "}\n");

        Node.Scalar value = scalar((Node.Mapping) map.body().get("data"), "k");
        assertThat(value.type()).isEqualTo(type);
        assertThat(value.text()).isEqualTo(written.replaceAll("^(!!str |! )|\"", ""));
    }

    @Test
    void shares_a_node_between_aliases() {
        Resource map = readOne(
                "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  x: &x [1, 2]\n  y: *x\n  z: [*x, *x]\n");

        Node.Mapping data = (Node.Mapping) map.body().get("data");
        assertThat(data.get("y")).isEqualTo(data.get("x"));
    }

    @Test
    @Timeout(20)
    @Case("M02")
    void refuses_an_alias_bomb_at_once() {
        StringBuilder bomb = new StringBuilder("a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n");
        for (int i = 1; i <= 9; i++) {
            bomb.append("a" + i + ": &a" + i + " [");
            bomb.append(("*a" + (i - 1) + ",").repeat(10)).append("]\n");
        }
        long start = System.nanoTime();

        ManifestFile file = read(bomb.toString());

        assertThat(file.problems())
                .singleElement()
                .satisfies(p -> assertThat(p.code()).isEqualTo("yaml-alias"));
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(1));
    }

    @Test
    void bounds_what_few_aliases_stand_for() {
        String bomb = "a: &a [" + "x,".repeat(50_000) + "]\nb: *a\nc: *a\nd: *a\n";

        assertThat(read(bomb).problems()).extracting(Problem::code).containsExactly("yaml-alias");
    }

    @Test
    void bounds_the_depth_that_aliases_reach() {
        StringBuilder deep = new StringBuilder("a0: &a0 [x]\n");
        for (int i = 1; i < 45; i++) {
            deep.append("a" + i + ": &a" + i + " [[*a" + (i - 1) + "]]\n");
        }

        assertThat(read(deep.toString()).problems()).extracting(Problem::code).containsExactly("yaml-depth");
    }

    @Test
    void refuses_an_alias_within_its_own_anchor() {
        assertThat(read("a: &a [*a]\n").problems()).extracting(Problem::code).containsExactly("yaml-alias");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[", "{a: ", "- ", "? ", "[[{a: "})
    @Timeout(20)
    void refuses_deep_nesting_whatever_its_form(String opening) {
        assertThat(read(opening.repeat(100_000)).problems()).hasSize(1).allMatch(Problem::isError);
    }

    @Test
    void refuses_more_than_three_megabytes() {
        byte[] large = new byte[ManifestReader.MAX_BYTES + 1];
        java.util.Arrays.fill(large, (byte) '\n');

        assertThat(reader.read("t.yaml", large).problems())
                .extracting(Problem::code)
                .containsExactly("file-too-large");
        large[0] = '#';
        assertThat(reader.read("t.yaml", java.util.Arrays.copyOf(large, ManifestReader.MAX_BYTES))
                        .problems())
                .isEmpty();
    }

    @Test
    void refuses_what_is_not_utf8_at_its_place() {
        byte[] text = "a: b\nc: \u00e9\u00e9".getBytes(StandardCharsets.ISO_8859_1);

        assertThat(reader.read("t.yaml", text).problems())
                .singleElement()
                .satisfies(p -> assertThat(p.toString()).startsWith("t.yaml:2:4: error: the file is not UTF-8"));
    }

    @Test
    void a_forbidden_character_costs_only_its_own_document() {
        ManifestFile file =
                read("a: \u0000\n---\napiVersion: v1\nkind: ServiceAccount\nmetadata: {name: a}\n---\nb: \u001b[31m\n");

        assertThat(file.resources()).hasSize(1);
        assertThat(file.problems())
                .extracting(p -> p.place().line(), Problem::code)
                .containsExactly(tuple(1, "yaml-character"), tuple(7, "yaml-character"));
    }

    @Test
    void never_tells_more_errors_than_people_can_read() {
        ManifestFile file = read("---\n@\n".repeat(20_000));

        assertThat(file.problems()).hasSizeLessThan(1200);
        assertThat(file.problems().getLast().code()).isEqualTo("file-too-broken");
    }

    @Test
    void an_escape_that_is_cut_short_is_a_problem_and_no_fault() {
        ManifestFile file =
                new ManifestReader().read("f.yaml", "---\na: 1\n---\nb: \"\\u".getBytes(StandardCharsets.UTF_8));

        assertThat(file.resources()).isEmpty();
        assertThat(file.problems()).anySatisfy(problem -> {
            assertThat(problem.code()).isEqualTo("yaml-syntax");
            assertThat(problem.place().line()).isEqualTo(3);
        });
    }

    @Test
    void a_tag_on_a_key_is_refused_as_one_on_a_value_is() {
        ManifestFile file = new ManifestReader().read("f.yaml", "a:\n  !x k: 1\n".getBytes(StandardCharsets.UTF_8));

        assertThat(file.problems()).anyMatch(problem -> problem.code().equals("yaml-tag"));
    }

    private static String account(String name, int lines) {
        return "---\napiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: " + name + "\n" + "#\n".repeat(lines);
    }

    @Test
    void a_file_read_again_gives_the_same_objects_for_what_stands_as_it_stood() {
        ReadDocuments known = new ReadDocuments();
        ManifestFile first = reader.read(
                "t.yaml",
                (account("a", 0) + account("b", 0) + account("c", 0)).getBytes(StandardCharsets.UTF_8),
                known);

        ManifestFile second = reader.read(
                "t.yaml",
                (account("a", 0) + account("x", 0) + account("c", 0)).getBytes(StandardCharsets.UTF_8),
                known);
        ManifestFile third = reader.read(
                "t.yaml",
                (account("a", 0) + account("x", 1) + account("c", 0)).getBytes(StandardCharsets.UTF_8),
                known);

        assertThat(second.resources().get(0)).isSameAs(first.resources().get(0));
        assertThat(second.resources().get(1).key().name()).isEqualTo("x");
        assertThat(second.resources().get(2)).isSameAs(first.resources().get(2));
        assertThat(third.resources().get(0)).isSameAs(first.resources().get(0));
        assertThat(third.resources().get(2).place().line())
                .isEqualTo(first.resources().get(2).place().line() + 1);
    }

    @Test
    void an_error_that_stands_as_it_stood_is_told_again() {
        ReadDocuments known = new ReadDocuments();
        byte[] text = (account("a", 0) + "---\n- [\n").getBytes(StandardCharsets.UTF_8);

        List<Problem> first = reader.read("t.yaml", text, known).problems();

        assertThat(first).isNotEmpty();
        assertThat(reader.read("t.yaml", text, known).problems()).isEqualTo(first);
    }
}
