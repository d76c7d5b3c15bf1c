package dev.exeat.control.kube.schema;

import static org.assertj.core.api.Assertions.assertThat;

import dev.exeat.control.kinds.Kind;
import dev.exeat.control.kinds.KindCatalogue;
import dev.exeat.control.kinds.NodeJson;
import dev.exeat.control.manifest.ManifestReader;
import dev.exeat.model.Resource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class ObjectRulesTest {
    private final KindCatalogue kinds = KindCatalogue.bundled();
    private final ObjectRules rules = new ObjectRules();

    private static ObjectNode object(String json) {
        return (ObjectNode) JsonMapper.shared().readTree(json.replace('\'', '"'));
    }

    private List<String> errors(String plural, String json) {
        Kind kind = kinds.find("exeat.dev", "v1alpha1", plural).orElseThrow();
        return rules.errors(kind, kind.versions().getFirst(), object(json)).stream()
                .map(error -> error.field() + ": " + error.message())
                .toList();
    }

    @Test
    void tells_all_errors_at_once_in_the_words_of_kubernetes() {
        assertThat(errors(
                        "egresspolicies",
                        "{'metadata':{'name':'p'},'spec':{'action':'Maybe','reason':1,"
                                + "'destinations':[{'ports':[0,70000,'x',1.5]}]}}"))
                .containsExactlyInAnyOrder(
                        "spec.action: Unsupported value: \"Maybe\": supported values: \"Allow\", \"Deny\"",
                        "spec.reason: Invalid value: \"integer\": spec.reason in body must be of type string: \"integer\"",
                        "spec.destinations[0].ports[0]: Invalid value: 0: spec.destinations[0].ports[0] in body should be"
                                + " greater than or equal to 1",
                        "spec.destinations[0].ports[1]: Invalid value: 70000: spec.destinations[0].ports[1] in body"
                                + " should be less than or equal to 65535",
                        "spec.destinations[0].ports[2]: Invalid value: \"string\": spec.destinations[0].ports[2] in body"
                                + " must be of type integer: \"string\"",
                        "spec.destinations[0].ports[3]: Invalid value: \"number\": spec.destinations[0].ports[3] in body"
                                + " must be of type integer: \"number\"");
    }

    @Test
    void a_set_holds_each_value_once_and_names_are_those_of_dns() {
        assertThat(errors("hostsets", "{'metadata':{'name':'s'},'spec':{'hosts':['a','b','a']}}"))
                .containsExactly("spec.hosts[2]: Duplicate value: \"a\"");
        assertThat(errors("hostsets", "{'metadata':{'name':'Bad_Name'},'spec':{'hosts':['a']}}"))
                .singleElement()
                .asString()
                .startsWith(
                        "metadata.name: Invalid value: \"Bad_Name\": a lowercase RFC 1123 subdomain must consist of");
        assertThat(errors("hostsets", "{'metadata':{'name':'s'}}")).containsExactly("spec: Required value");
    }

    @Test
    void what_the_kind_does_not_have_is_removed_and_named() {
        Kind kind = kinds.find("exeat.dev", "v1alpha1", "egresspolicies").orElseThrow();
        ObjectNode object = object(
                "{'metadata':{'name':'p','lables':{}},'spec':{'acton':'Deny','owner':null,'destinations':[{'prts':[1]}]}}");

        assertThat(rules.prune(kind.versions().getFirst(), object))
                .containsExactly("metadata.lables", "spec.acton", "spec.destinations[0].prts");
        assertThat(object).isEqualTo(object("{'metadata':{'name':'p'},'spec':{'destinations':[{}]}}"));
    }

    /** What the reader of policies knows, the schema knows too, or the API would drop it. */
    @Test
    void every_sample_fits_its_schema() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("..", "samples"))) {
            List<Path> manifests = files.filter(file -> file.toString().endsWith(".yaml"))
                    .filter(file -> !file.toString().contains("tests"))
                    .toList();
            assertThat(manifests).isNotEmpty();
            for (Path file : manifests) {
                for (Resource resource : new ManifestReader()
                        .read(file.toString(), Files.readAllBytes(file))
                        .resources()) {
                    fits(resource);
                }
            }
        }
    }

    private void fits(Resource resource) {
        int slash = resource.apiVersion().indexOf('/');
        String group = slash < 0 ? "" : resource.apiVersion().substring(0, slash);
        String version = resource.apiVersion().substring(slash + 1);
        kinds.of(group, version).stream()
                .filter(kind -> kind.name().equals(resource.key().kind()))
                .forEach(kind -> {
                    ObjectNode object = (ObjectNode) NodeJson.of(resource.body());
                    Kind.Version served = kind.version(version).orElseThrow();
                    assertThat(rules.prune(served, object))
                            .as(resource.key().toString())
                            .isEmpty();
                    assertThat(rules.errors(kind, served, object))
                            .as(resource.key().toString())
                            .isEmpty();
                });
    }
}
