package dev.exeat.control.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class PatchesTest {
    private static JsonNode json(String text) {
        return JsonMapper.shared().readTree(text.replace('\'', '"'));
    }

    /** The examples of RFC 7396, appendix A, where both are objects. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'a':'b'}         | {'a':'c'}                | {'a':'c'}",
                "{'a':'b'}         | {'b':'c'}                | {'a':'b','b':'c'}",
                "{'a':'b'}         | {'a':null}               | {}",
                "{'a':'b','b':'c'} | {'a':null}               | {'b':'c'}",
                "{'a':['b']}       | {'a':'c'}                | {'a':'c'}",
                "{'a':'c'}         | {'a':['b']}              | {'a':['b']}",
                "{'a':{'b':'c'}}   | {'a':{'b':'d','c':null}} | {'a':{'b':'d'}}",
                "{'a':[{'b':'c'}]} | {'a':[1]}                | {'a':[1]}",
                "{'e':null}        | {'a':1}                  | {'e':null,'a':1}",
                "{}                | {'a':{'bb':{'ccc':null}}} | {'a':{'bb':{}}}"
            })
    void merges_as_rfc_7396_says(String target, String patch, String result) {
        ObjectNode before = (ObjectNode) json(target);
        ObjectNode copy = before.deepCopy();

        assertThat(Patches.merge(before, (ObjectNode) json(patch))).isEqualTo(json(result));
        assertThat(before).as("the target stays as it was").isEqualTo(copy);
    }

    /** After the examples of RFC 6902, appendix A. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'foo':'bar'}             | {'op':'add','path':'/baz','value':'qux'}          | {'foo':'bar','baz':'qux'}",
                "{'foo':['bar','baz']}     | {'op':'add','path':'/foo/1','value':'qux'}        | {'foo':['bar','qux','baz']}",
                "{'foo':['bar']}           | {'op':'add','path':'/foo/-','value':['abc']}      | {'foo':['bar',['abc']]}",
                "{'baz':'qux','foo':'bar'} | {'op':'remove','path':'/baz'}                     | {'foo':'bar'}",
                "{'foo':['a','b','c']}     | {'op':'remove','path':'/foo/1'}                   | {'foo':['a','c']}",
                "{'baz':'qux'}             | {'op':'replace','path':'/baz','value':'boo'}      | {'baz':'boo'}",
                "{'foo':{'a':1},'b':{}}    | {'op':'move','from':'/foo/a','path':'/b/c'}       | {'foo':{},'b':{'c':1}}",
                "{'foo':['a','b','c']}     | {'op':'move','from':'/foo/0','path':'/foo/2'}     | {'foo':['b','c','a']}",
                "{'a':{'b':1}}             | {'op':'copy','from':'/a','path':'/c'}             | {'a':{'b':1},'c':{'b':1}}",
                "{'baz':'qux'}             | {'op':'test','path':'/baz','value':'qux'}         | {'baz':'qux'}",
                "{'a/b':{'m~n':1}}         | {'op':'test','path':'/a~1b/m~0n','value':1}       | {'a/b':{'m~n':1}}"
            })
    void patches_as_rfc_6902_says(String target, String operation, String result) {
        ObjectNode before = (ObjectNode) json(target);
        ObjectNode copy = before.deepCopy();

        assertThat(Patches.apply(before, json("[" + operation + "]"))).isEqualTo(json(result));
        assertThat(before).as("the target stays as it was").isEqualTo(copy);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'op':'add','path':'/a/b','value':1}",
                "{'op':'add','path':'/foo/9','value':1}",
                "{'op':'add','path':'/foo/-1','value':1}",
                "{'op':'add','path':'/foo/x','value':1}",
                "{'op':'add','path':'/b'}",
                "{'op':'add','path':'b','value':1}",
                "{'op':'add','path':'','value':{}}",
                "{'op':'remove','path':'/none'}",
                "{'op':'remove','path':''}",
                "{'op':'replace','path':'/none','value':1}",
                "{'op':'test','path':'/foo','value':1}",
                "{'op':'test','path':'/none','value':null}",
                "{'op':'move','path':'/b'}",
                "{'op':'frob','path':'/foo','value':1}",
                "7"
            })
    void refuses_what_cannot_be_done(String operation) {
        ObjectNode target = (ObjectNode) json("{'foo':['a']}");

        assertThatThrownBy(() -> Patches.apply(target, json("[" + operation + "]")))
                .isInstanceOfSatisfying(
                        KubeException.class, e -> assertThat(e.code()).isEqualTo(422));
    }

    @Test
    void refuses_copies_that_double_the_object_without_end() {
        StringBuilder operations = new StringBuilder("[{'op':'test','path':'/a','value':{}}");
        for (int i = 0; i < 60; i++) {
            operations
                    .append(",{'op':'copy','from':'/a','path':'/a/b")
                    .append(i)
                    .append("'}");
        }
        JsonNode bomb = json(operations.append(']').toString());
        assertThatThrownBy(() -> Patches.apply((ObjectNode) json("{'a':{}}"), bomb))
                .isInstanceOfSatisfying(
                        KubeException.class, e -> assertThat(e.code()).isEqualTo(422));
    }

    @Test
    void refuses_copies_that_deepen_the_object_without_end() {
        String copy = "{'op':'copy','from':'/a','path':'/a/b'}";
        JsonNode bomb = json("[" + copy + ("," + copy).repeat(200) + "]");
        assertThatThrownBy(() -> Patches.apply((ObjectNode) json("{'a':{}}"), bomb))
                .isInstanceOf(KubeException.class);
    }

    @Test
    void refuses_paths_without_end() {
        JsonNode deep = json("[{'op':'add','path':'" + "/a".repeat(100_000) + "','value':1}]");
        assertThatThrownBy(() -> Patches.apply((ObjectNode) json("{}"), deep)).isInstanceOf(KubeException.class);
    }
}
