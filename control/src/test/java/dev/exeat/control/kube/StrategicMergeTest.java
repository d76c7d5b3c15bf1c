package dev.exeat.control.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.exeat.control.kinds.KindCatalogue;
import dev.exeat.control.kinds.PublishedSchemas;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class StrategicMergeTest {
    private static final PublishedSchemas SCHEMAS = KindCatalogue.bundled().published();

    private static ObjectNode json(String text) {
        return (ObjectNode) JsonMapper.shared().readTree(text.replace('\'', '"'));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                // As JSON Merge Patch where there is no list with a key.
                "core.v1.Container | {'a':{'b':1,'c':2}} | {'a':{'b':null,'d':3}} | {'a':{'c':2,'d':3}}",
                "core.v1.Container | {'args':['a','b']}  | {'args':['c']}         | {'args':['c']}",
                // Items are found by their key; new ones come first, as the API server has it.
                "core.v1.PodSpec | {'containers':[{'name':'a','image':'1'},{'name':'b'}]} | {'containers':[{'name':'a','image':'2'}]}"
                        + " | {'containers':[{'name':'a','image':'2'},{'name':'b'}]}",
                "core.v1.Container | {'env':[{'name':'a','value':'1'}]} | {'env':[{'name':'b','value':'2'}]}"
                        + " | {'env':[{'name':'b','value':'2'},{'name':'a','value':'1'}]}",
                "core.v1.Container | {'env':[{'name':'a'},{'name':'b'}]} | {'env':[{'name':'b','value':'2'}]}"
                        + " | {'env':[{'name':'a'},{'name':'b','value':'2'}]}",
                // Ports of a container have another key than those of a service.
                "core.v1.Container | {'ports':[{'containerPort':1,'name':'x'}]} | {'ports':[{'containerPort':1,'name':'y'}]}"
                        + " | {'ports':[{'containerPort':1,'name':'y'}]}",
                "core.v1.ServiceSpec | {'ports':[{'port':1,'name':'x'}]} | {'ports':[{'port':1,'name':'y'}]}"
                        + " | {'ports':[{'port':1,'name':'y'}]}",
                // Directives.
                "core.v1.Container | {'env':[{'name':'a'},{'name':'b'}]} | {'env':[{'name':'a','$patch':'delete'}]} | {'env':[{'name':'b'}]}",
                "core.v1.Container | {'env':[{'name':'a'},{'name':'b'}]} | {'env':[{'$patch':'replace'},{'name':'c'}]} | {'env':[{'name':'c'}]}",
                "core.v1.Container | {'a':{'b':1}} | {'a':{'$patch':'replace','c':2}} | {'a':{'c':2}}",
                "core.v1.Container | {'a':{'b':1}} | {'a':{'$patch':'delete'}}        | {'a':{}}",
                "core.v1.Container | {'s':{'type':'RollingUpdate','rollingUpdate':{}}} | {'s':{'$retainKeys':['type'],'type':'Recreate'}}"
                        + " | {'s':{'type':'Recreate'}}",
                "meta | {'finalizers':['a','b']} | {'finalizers':['c']} | {'finalizers':['a','b','c']}",
                "meta | {'finalizers':['a','b']} | {'$deleteFromPrimitiveList/finalizers':['a']} | {'finalizers':['b']}",
                "core.v1.Container | {'env':[{'name':'a'},{'name':'b'}]}"
                        + " | {'$setElementOrder/env':[{'name':'b'},{'name':'c'},{'name':'a'}],'env':[{'name':'c'}]}"
                        + " | {'env':[{'name':'b'},{'name':'c'},{'name':'a'}]}",
                "core.v1.Container | {'env':[{'name':'a'},{'name':'b'}]} | {'$setElementOrder/env':[{'name':'b'},{'name':'a'}]}"
                        + " | {'env':[{'name':'b'},{'name':'a'}]}",
                "core.v1.Container | {'env':[{'name':'own'},{'name':'a'}]} | {'$setElementOrder/env':[{'name':'a'}],'env':[{'name':'a','value':'1'}]}"
                        + " | {'env':[{'name':'own'},{'name':'a','value':'1'}]}",
            })
    void merges_as_the_api_server_does(String definition, String target, String patch, String result) {
        ObjectNode before = json(target);
        ObjectNode copy = before.deepCopy();

        assertThat(StrategicMerge.merge(schema(definition), before, json(patch)).toString())
                .isEqualTo(json(result).toString());
        assertThat(before).as("the target stays as it was").isEqualTo(copy);
    }

    @Test
    void an_item_without_its_key_is_refused() {
        assertThatThrownBy(() -> StrategicMerge.merge(
                        schema("core.v1.PodSpec"), json("{}"), json("{'containers':[{'image':'x'}]}")))
                .isInstanceOf(KubeException.class)
                .hasMessageContaining("no name");
        assertThatThrownBy(() -> StrategicMerge.merge(schema("core.v1.PodSpec"), json("{}"), json("{'$patch':'wipe'}")))
                .isInstanceOf(KubeException.class);
    }

    private static ObjectNode schema(String definition) {
        return SCHEMAS.resolved(
                definition.equals("meta")
                        ? "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"
                        : "io.k8s.api." + definition);
    }
}
