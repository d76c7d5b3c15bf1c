package dev.exeat.control.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class StrategicMergeTest {
    private static ObjectNode json(String text) {
        return (ObjectNode) JsonMapper.shared().readTree(text.replace('\'', '"'));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                // As JSON Merge Patch where there is no list with a key.
                "{'a':{'b':1,'c':2}} | {'a':{'b':null,'d':3}} | {'a':{'c':2,'d':3}}",
                "{'args':['a','b']}  | {'args':['c']}         | {'args':['c']}",
                // Items are found by their key; new ones come first, as the API server has it.
                "{'containers':[{'name':'a','image':'1'},{'name':'b'}]} | {'containers':[{'name':'a','image':'2'}]}"
                        + " | {'containers':[{'name':'a','image':'2'},{'name':'b'}]}",
                "{'env':[{'name':'a','value':'1'}]} | {'env':[{'name':'b','value':'2'}]}"
                        + " | {'env':[{'name':'b','value':'2'},{'name':'a','value':'1'}]}",
                "{'env':[{'name':'a'},{'name':'b'}]} | {'env':[{'name':'b','value':'2'}]}"
                        + " | {'env':[{'name':'a'},{'name':'b','value':'2'}]}",
                // Ports of a container have another key than those of a service.
                "{'ports':[{'containerPort':1,'name':'x'}]} | {'ports':[{'containerPort':1,'name':'y'}]}"
                        + " | {'ports':[{'containerPort':1,'name':'y'}]}",
                "{'ports':[{'port':1,'name':'x'}]} | {'ports':[{'port':1,'name':'y'}]}"
                        + " | {'ports':[{'port':1,'name':'y'}]}",
                // Directives.
                "{'env':[{'name':'a'},{'name':'b'}]} | {'env':[{'name':'a','$patch':'delete'}]} | {'env':[{'name':'b'}]}",
                "{'env':[{'name':'a'},{'name':'b'}]} | {'env':[{'$patch':'replace'},{'name':'c'}]} | {'env':[{'name':'c'}]}",
                "{'a':{'b':1}} | {'a':{'$patch':'replace','c':2}} | {'a':{'c':2}}",
                "{'a':{'b':1}} | {'a':{'$patch':'delete'}}        | {'a':{}}",
                "{'s':{'type':'RollingUpdate','rollingUpdate':{}}} | {'s':{'$retainKeys':['type'],'type':'Recreate'}}"
                        + " | {'s':{'type':'Recreate'}}",
                "{'finalizers':['a','b']} | {'finalizers':['c']} | {'finalizers':['a','b','c']}",
                "{'finalizers':['a','b']} | {'$deleteFromPrimitiveList/finalizers':['a']} | {'finalizers':['b']}",
                "{'env':[{'name':'a'},{'name':'b'}]}"
                        + " | {'$setElementOrder/env':[{'name':'b'},{'name':'c'},{'name':'a'}],'env':[{'name':'c'}]}"
                        + " | {'env':[{'name':'b'},{'name':'c'},{'name':'a'}]}",
                "{'env':[{'name':'a'},{'name':'b'}]} | {'$setElementOrder/env':[{'name':'b'},{'name':'a'}]}"
                        + " | {'env':[{'name':'b'},{'name':'a'}]}",
                "{'env':[{'name':'own'},{'name':'a'}]} | {'$setElementOrder/env':[{'name':'a'}],'env':[{'name':'a','value':'1'}]}"
                        + " | {'env':[{'name':'own'},{'name':'a','value':'1'}]}",
            })
    void merges_as_the_api_server_does(String target, String patch, String result) {
        ObjectNode before = json(target);
        ObjectNode copy = before.deepCopy();

        assertThat(StrategicMerge.merge(before, json(patch)).toString())
                .isEqualTo(json(result).toString());
        assertThat(before).as("the target stays as it was").isEqualTo(copy);
    }

    @Test
    void an_item_without_its_key_is_refused() {
        assertThatThrownBy(() -> StrategicMerge.merge(json("{}"), json("{'containers':[{'image':'x'}]}")))
                .isInstanceOf(KubeException.class)
                .hasMessageContaining("no name");
        assertThatThrownBy(() -> StrategicMerge.merge(json("{}"), json("{'$patch':'wipe'}")))
                .isInstanceOf(KubeException.class);
    }
}
