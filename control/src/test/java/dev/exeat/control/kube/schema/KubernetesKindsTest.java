package dev.exeat.control.kube.schema;

import static org.assertj.core.api.Assertions.assertThat;

import dev.exeat.control.kinds.Kind;
import dev.exeat.control.kinds.KindCatalogue;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The texts are those of kube-apiserver 1.34. */
class KubernetesKindsTest {
    private static final KindCatalogue KINDS = KindCatalogue.withLab();
    private final ObjectRules rules = new ObjectRules();

    private static ObjectNode json(String text) {
        return (ObjectNode) JsonMapper.shared().readTree(text.replace('\'', '"'));
    }

    private static Kind kind(String name) {
        return KINDS.all().stream()
                .filter(kind -> kind.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "Deployment | {'spec':{'replicas':'3'}} | json: cannot unmarshal string into Go struct field"
                        + " DeploymentSpec.spec.replicas of type int32",
                "Deployment | {'spec':{'replicas':3.5}} | json: cannot unmarshal number 3.5 into Go struct field"
                        + " DeploymentSpec.spec.replicas of type int32",
                "Deployment | {'spec':{'replicas':3000000000}} | json: cannot unmarshal number 3000000000 into Go struct"
                        + " field DeploymentSpec.spec.replicas of type int32",
                "Deployment | {'spec':{'selector':[]}} | json: cannot unmarshal array into Go struct field"
                        + " DeploymentSpec.spec.selector of type v1.LabelSelector",
                "Deployment | {'spec':{'template':{'spec':{'containers':'x'}}}} | json: cannot unmarshal string into Go"
                        + " struct field PodSpec.spec.template.spec.containers of type []v1.Container",
                "Deployment | {'spec':{'template':{'spec':{'containers':[{'name':3}]}}}} | json: cannot unmarshal number"
                        + " into Go struct field Container.spec.template.spec.containers.name of type string",
                "Pod | {'spec':{'restartPolicy':7}} | json: cannot unmarshal number into Go struct field"
                        + " PodSpec.spec.restartPolicy of type v1.RestartPolicy",
                "Pod | {'spec':{'containers':[{'livenessProbe':{'httpGet':{'port':true}}}]}} | json: cannot unmarshal"
                        + " bool into Go struct field HTTPGetAction.spec.containers.livenessProbe.httpGet.port of type"
                        + " int32",
                "Secret | {'data':{'a':'***'}} | illegal base64 data at input byte 0",
                "ConfigMap | {'data':['a']} | json: cannot unmarshal array into Go struct field ConfigMap.data of type"
                        + " map[string]string",
                "Namespace | {'spec':{'finalizers':[1]}} | json: cannot unmarshal number into Go struct field"
                        + " NamespaceSpec.spec.finalizers of type v1.FinalizerName",
                "RoleBinding | {'subjects':{'name':'x'}} | json: cannot unmarshal object into Go struct field"
                        + " RoleBinding.subjects of type []v1.Subject",
                "EgressPolicy | {'metadata':{'labels':{'a':1}}} | json: cannot unmarshal number into Go struct field"
                        + " ObjectMeta.metadata.labels of type string",
                "EgressPolicy | {'metadata':{'finalizers':'x'}} | json: cannot unmarshal string into Go struct field"
                        + " ObjectMeta.metadata.finalizers of type []string",
            })
    void tells_the_first_value_that_does_not_fit(String kind, String object, String message) {
        assertThat(rules.mismatch(kind(kind).versions().getFirst(), json(object)))
                .isEqualTo(message);
    }

    @Test
    void quantities_ports_and_nulls_fit() {
        assertThat(rules.mismatch(kind("Pod").versions().getFirst(), json("""
                        {'metadata':{'creationTimestamp':null,'managedFields':[{'fieldsV1':{'f:spec':{'k:{}':{}}}}]},
                         'spec':{'containers':[{'resources':{'limits':{'cpu':0.5,'memory':'1Gi'}},
                         'livenessProbe':{'httpGet':{'port':'web'}},'readinessProbe':{'tcpSocket':{'port':80}}}]}}"""))).isEmpty();
    }

    @Test
    void finds_unknown_fields_however_deep_and_leaves_what_is_open() {
        ObjectNode pod = json("""
                {'metadata':{'managedFields':[{'fieldsV1':{'f:spec':{}}}]},
                 'spec':{'containers':[{'name':'a','imag':'x','env':[{'name':'A','valu':'b'}]}],'nodeSelector':{'a':'b'}}}""");
        assertThat(rules.prune(kind("Pod").versions().getFirst(), pod))
                .containsExactly("spec.containers[0].env[0].valu", "spec.containers[0].imag");
        assertThat(pod.at("/metadata/managedFields/0/fieldsV1").has("f:spec")).isTrue();
    }

    @Test
    void everything_that_is_wrong_with_a_deployment_is_told() {
        Kind deployment = kind("Deployment");
        List<FieldError> errors = rules.errors(deployment, deployment.versions().getFirst(), json("""
                {'metadata':{'name':'d'},'spec':{'selector':{'matchLabels':{'a':'b'}},'template':{
                 'metadata':{'labels':{'a':'c'}},'spec':{'restartPolicy':'OnFailure','containers':[
                 {'name':'x','image':'i','imagePullPolicy':'Foo','ports':[{'containerPort':0},{'containerPort':70000}],
                  'volumeMounts':[{'name':'v'}]},{'name':'x'}]}}}}"""));
        assertThat(errors)
                .extracting(FieldError::field)
                .containsExactly(
                        "spec.template.metadata.labels",
                        "spec.template.spec.containers[0].ports[0].containerPort",
                        "spec.template.spec.containers[0].ports[1].containerPort",
                        "spec.template.spec.containers[0].volumeMounts[0].name",
                        "spec.template.spec.containers[0].imagePullPolicy",
                        "spec.template.spec.containers[1].image",
                        "spec.template.spec.containers[1].name",
                        "spec.template.spec.restartPolicy");
    }

    @Test
    void the_texts_of_a_secret_become_data() {
        ObjectNode secret = json("{'data':{'a':'YQ=='},'stringData':{'b':'x'}}");
        rules.fill(kind("Secret").versions().getFirst(), secret);
        assertThat(secret).isEqualTo(json("{'data':{'a':'YQ==','b':'eA=='},'type':'Opaque'}"));
    }
}
